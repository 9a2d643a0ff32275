/* The data of one resource: a map with its text, or a table.
 * source answers {"kind": "map", "geojson", "total", "truncated"} or {"kind": "table", "columns", "rows", "total"}.
 * The map has no tiles: the départements' outlines, served here, are its base. */
this.ckan.module("idgo-viewer", function ($) {
  "use strict";
  var FEW = 6;
  var STEP = 25;
  var WIDTH = 5;

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--idgo-" + name).trim();
  }

  function grow(box, position) {
    if (typeof position[0] === "number") {
      box[0] = Math.min(box[0], position[0]);
      box[1] = Math.min(box[1], position[1]);
      box[2] = Math.max(box[2], position[0]);
      box[3] = Math.max(box[3], position[1]);
    } else {
      position.forEach(function (child) { grow(box, child); });
    }
    return box;
  }

  function boxOf(geometry) {
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    if (!geometry) return box;
    (geometry.geometries || [geometry]).forEach(function (part) { grow(box, part.coordinates || []); });
    return box;
  }

  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; });
  }

  return {
    options: {
      source: "", library: "", outline: "", locale: "fr", title: "", view: "", partial: "", selected: "", rows: "",
      show: "", object: ""
    },

    initialize: function () {
      var self = this;
      this.part = function (selector) { return self.el.find(selector).get(0); };
      this.shown = FEW;
      this.chosen = -1;
      this.number = new Intl.NumberFormat(this.options.locale);
      this.part(".viewer-more").addEventListener("click", function () {
        self.shown += STEP;
        self._rows();
      });
      fetch(this.options.source, { headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (!answer.ok) throw new Error("preview answered " + answer.status);
          return answer.json();
        })
        .then(function (preview) {
          return preview.kind === "map" ? self._map(preview) : self._table(preview);
        })
        .catch(function () { self._state("failed"); });
    },

    _state: function (state) {
      this.part(".viewer-wait").hidden = true;
      this.part(".viewer-failed").hidden = state !== "failed";
      this.part(".viewer-text").hidden = state === "failed";
      this.part(".viewer-map").hidden = state !== "map";
      this.part(".viewer-title").hidden = state !== "map";
    },

    _table: function (preview) {
      this.columns = preview.columns.map(function (column) { return column.name || column; });
      this.all = preview.rows.map(function (row, at) { return { at: at, cells: row }; });
      this.total = preview.total;
      this.visible = this.all;
      this.shown = 10;
      this._state("table");
      this._sentence();
      this._rows();
    },

    _map: function (preview) {
      var self = this;
      this.preview = preview;
      this.total = preview.total;
      this.features = preview.geojson.features;
      this.features.forEach(function (feature, at) { feature.id = at; });
      this.columns = this._columns();
      this.all = this.features.map(function (feature, at) {
        var properties = feature.properties || {};
        return {
          at: at,
          box: boxOf(feature.geometry),
          cells: self.columns.map(function (name) { return properties[name]; })
        };
      });
      this.visible = this.all;
      this._state("map");
      this._sentence();
      this._rows();
      return import(this.options.library)
        .then(function (library) { self._draw(library.default || library); })
        .catch(function () {
          // No map library or no WebGL: the text and the rows stay.
          self.part(".viewer-map").hidden = true;
        });
    },

    _columns: function () {
      var names = [];
      this.features.slice(0, 50).forEach(function (feature) {
        Object.keys(feature.properties || {}).forEach(function (name) {
          if (names.indexOf(name) < 0) names.push(name);
        });
      });
      return names;
    },

    _bounds: function () {
      var box = [Infinity, Infinity, -Infinity, -Infinity];
      this.all.forEach(function (row) {
        if (row.box[0] <= row.box[2]) grow(box, [[row.box[0], row.box[1]], [row.box[2], row.box[3]]]);
      });
      return box[0] <= box[2] ? box : [4.2, 42.9, 7.8, 45.2];
    },

    _draw: function (library) {
      var self = this;
      var bounds = this._bounds();
      this.map = new library.Map({
        container: this.part(".canvas"),
        bounds: bounds,
        fitBoundsOptions: { padding: 40, maxZoom: 14 },
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        locale: { "Map.Title": this.options.title },
        style: this._style()
      });
      this.map.touchZoomRotate.disableRotation();
      this.map.on("load", function () {
        self.map.on("moveend", self._moved.bind(self));
        self._rows(); // rows become buttons that point at the map
      });
      ["fills", "lines", "points"].forEach(function (layer) {
        self.map.on("click", layer, function (event) { self._choose(event.features[0].id, false); });
      });
      this.el.find(".zoomer button").on("click", function () {
        if (this.dataset.do === "fit") self.map.fitBounds(bounds, { padding: 40, maxZoom: 14 });
        else if (this.dataset.do === "in") self.map.zoomIn();
        else self.map.zoomOut();
      });
    },

    _style: function () {
      var is = function (kind) { return ["==", ["get", "kind"], kind]; };
      var chosen = function (yes, no) { return ["case", ["boolean", ["feature-state", "chosen"], false], yes, no]; };
      var type = function (name) { return ["==", ["geometry-type"], name]; };
      return {
        version: 8,
        sources: {
          base: { type: "geojson", data: this.options.outline },
          data: { type: "geojson", data: this.preview.geojson }
        },
        layers: [
          { id: "out", type: "background", paint: { "background-color": css("map-out") } },
          { id: "sea", type: "fill", source: "base", filter: is("sea"), paint: { "fill-color": css("map-sea") } },
          { id: "around", type: "fill", source: "base", filter: is("around"), paint: { "fill-color": css("map-out"), "fill-outline-color": css("map-line") } },
          { id: "land", type: "fill", source: "base", filter: is("region"), paint: { "fill-color": css("map-land") } },
          { id: "land-line", type: "line", source: "base", filter: is("region"), paint: { "line-color": css("map-edge"), "line-width": 1 } },
          { id: "fills", type: "fill", source: "data", filter: type("Polygon"), paint: { "fill-color": chosen(css("mimosa"), css("accent-200")), "fill-opacity": 0.75 } },
          { id: "edges", type: "line", source: "data", filter: type("Polygon"), paint: { "line-color": chosen(css("ink-900"), css("accent-700")), "line-width": chosen(2.5, 1) } },
          { id: "lines", type: "line", source: "data", filter: type("LineString"), paint: { "line-color": chosen(css("ink-900"), css("accent-700")), "line-width": chosen(5, 2.5) } },
          { id: "points", type: "circle", source: "data", filter: type("Point"), paint: { "circle-color": chosen(css("mimosa"), css("accent-700")), "circle-radius": chosen(9, 6), "circle-stroke-color": chosen(css("ink-900"), "#fff"), "circle-stroke-width": 2 } }
        ]
      };
    },

    _moved: function () {
      var b = this.map.getBounds();
      var west = b.getWest(), south = b.getSouth(), east = b.getEast(), north = b.getNorth();
      this.visible = this.all.filter(function (row) {
        return row.box[0] <= east && row.box[2] >= west && row.box[1] <= north && row.box[3] >= south;
      });
      this._sentence();
      this._rows();
    },

    _choose: function (at, move) {
      if (this.map && this.chosen >= 0) this.map.setFeatureState({ source: "data", id: this.chosen }, { chosen: false });
      this.chosen = at;
      if (this.map) {
        this.map.setFeatureState({ source: "data", id: at }, { chosen: true });
        if (move) this.map.fitBounds(this.all[at].box, { padding: 80, maxZoom: 13 });
      }
      this._sentence();
      this._rows();
    },

    _name: function (row) {
      var first = row.cells.find(function (cell) { return typeof cell === "string" && /[^\d\s]/.test(cell); });
      return first || fill(this.options.object, { n: row.at + 1 });
    },

    _sentence: function () {
      var words = [];
      var total = this.number.format(this.total);
      if (this.preview) {
        words.push(fill(this.options.view, { n: this.number.format(this.visible.length), total: total }));
        if (this.preview.truncated) words.push(fill(this.options.partial, { n: this.number.format(this.all.length), total: total }));
        if (this.chosen >= 0) words.push(fill(this.options.selected, { name: this._name(this.all[this.chosen]) }));
      } else {
        words.push(fill(this.options.rows, { n: this.number.format(Math.min(this.shown, this.all.length)), total: total }));
      }
      this.part(".viewer-sentence").textContent = words.join(" ");
    },

    _rows: function () {
      var self = this;
      var head = this.part("thead");
      var body = this.part("tbody");
      var width = this.preview ? WIDTH : this.columns.length;
      var line = document.createElement("tr");
      this.columns.slice(0, width).forEach(function (name) {
        var cell = document.createElement("th");
        cell.scope = "col";
        if (self.all.length && typeof self.all[0].cells[self.columns.indexOf(name)] === "number") cell.className = "r";
        cell.append(name);
        line.append(cell);
      });
      head.replaceChildren(line);
      body.replaceChildren.apply(body, this.visible.slice(0, this.shown).map(function (row) { return self._row(row, width); }));
      this.part(".viewer-more").hidden = this.visible.length <= this.shown;
      if (!this.preview) this._sentence();
    },

    _row: function (row, width) {
      var self = this;
      var line = document.createElement("tr");
      if (row.at === this.chosen) line.className = "sel";
      row.cells.slice(0, width).forEach(function (value, at) {
        var cell = document.createElement("td");
        var number = typeof value === "number";
        var text = value === null || value === undefined ? "" : number && !Number.isInteger(value) ? self.number.format(value) : String(value);
        if (number) cell.className = "r";
        if (at === 0 && self.map) {
          var button = document.createElement("button");
          button.type = "button";
          button.className = "pickrow";
          button.append(text || fill(self.options.object, { n: row.at + 1 }));
          button.setAttribute("aria-label", (text || row.at + 1) + ", " + self.options.show);
          button.addEventListener("click", function () { self._choose(row.at, true); });
          cell.append(button);
        } else {
          cell.append(text);
        }
        line.append(cell);
      });
      return line;
    }
  };
});
