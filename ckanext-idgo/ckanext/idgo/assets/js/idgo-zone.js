/* The map box of the search: a rectangle drawn with the pointer on the region's outline fills the four numbers.
 * xm, xo, ym, yo - metres a unit and origin of the drawing's plane (spherical Mercator, see display/outline.py).
 * Typing the numbers does the same without a pointer. */
this.ckan.module("idgo-zone", function ($) {
  "use strict";
  var RADIUS_METRES = 6378137;

  return {
    options: { xm: 1, xo: 0, ym: 1, yo: 0 },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.svg = this.el.find("svg").get(0);
      this.rect = this.svg.querySelector(".zone-box");
      this.button = this.el.find(".zone-draw").get(0);
      this.button.hidden = false;
      this.button.addEventListener("click", this._onArm);
      this.svg.addEventListener("pointerdown", this._onDown);
      this.svg.addEventListener("pointermove", this._onMove);
      this.svg.addEventListener("pointerup", this._onUp);
    },

    _onArm: function () {
      this.armed = this.button.getAttribute("aria-pressed") !== "true";
      this.button.setAttribute("aria-pressed", String(this.armed));
      this.svg.classList.toggle("drawing", this.armed);
    },

    _point: function (event) {
      var at = new DOMPoint(event.clientX, event.clientY);
      return at.matrixTransform(this.svg.getScreenCTM().inverse());
    },

    _onDown: function (event) {
      if (!this.armed) return;
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
      this.from = this._point(event);
    },

    _onMove: function (event) {
      if (!this.from) return;
      var to = this._point(event);
      this.rect.setAttribute("x", Math.min(this.from.x, to.x));
      this.rect.setAttribute("y", Math.min(this.from.y, to.y));
      this.rect.setAttribute("width", Math.abs(to.x - this.from.x));
      this.rect.setAttribute("height", Math.abs(to.y - this.from.y));
    },

    _onUp: function (event) {
      if (!this.from) return;
      var a = this._degrees(this.from);
      var b = this._degrees(this._point(event));
      this.from = null;
      if (Math.abs(a.lon - b.lon) < 0.005 || Math.abs(a.lat - b.lat) < 0.005) return;
      this._fill("west", Math.min(a.lon, b.lon));
      this._fill("south", Math.min(a.lat, b.lat));
      this._fill("east", Math.max(a.lon, b.lon));
      this._fill("north", Math.max(a.lat, b.lat));
      this.el.closest("form").get(0).requestSubmit();
    },

    _fill: function (name, value) {
      this.el.closest("form").find("[name=" + name + "]").val(value.toFixed(3));
    },

    _degrees: function (point) {
      var east = point.x * this.options.xm + this.options.xo;
      var north = point.y * this.options.ym + this.options.yo;
      return {
        lon: (east / RADIUS_METRES) * (180 / Math.PI),
        lat: (2 * Math.atan(Math.exp(north / RADIUS_METRES)) - Math.PI / 2) * (180 / Math.PI)
      };
    }
  };
});
