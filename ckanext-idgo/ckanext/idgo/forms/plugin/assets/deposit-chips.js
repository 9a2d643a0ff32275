/* A list field as chips with a text input, and suggestions (ARIA combobox) where a source answers.
 *
 * name - the field; labels - {label: code} of the values already there; source - answers GET ?q= with
 * [{"code", "label", "kind"}]; remove, add - words. The hidden field holds codes (or words), comma-separated.
 */
this.ckan.module("idgo-deposit-chips", function ($) {
  "use strict";

  return {
    options: { name: "", labels: {}, source: "", remove: "", add: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      var root = this.el.get(0);
      this.input = root.querySelector("input");
      this.labels = typeof this.options.labels === "object" ? this.options.labels : {};
      this.items = [];
      this.options_ = [];
      this.active = -1;
      this.hidden = document.createElement("input");
      this.hidden.type = "hidden";
      this.hidden.name = this.options.name;
      this.input.removeAttribute("name");
      root.classList.add("chips");
      this.input.classList.remove("form-control");
      this.input.placeholder = this.options.add;
      root.append(this.hidden);
      this._fill(this.input.value);
      this.input.value = "";
      this.input.addEventListener("keydown", this._onKey);
      this.input.addEventListener("input", this._onInput);
      this.input.addEventListener("blur", this._onBlur);
      this.hidden.addEventListener("idgo-set", this._onSet);
      if (this.options.source) this._listbox(root);
    },

    _fill: function (text) {
      this.items.slice().forEach(function (item) { item.node.remove(); });
      this.items = [];
      text.split(",").map(function (part) { return part.trim(); }).filter(Boolean).forEach(function (part) {
        this._add(part, this.labels[part] || part);
      }, this);
      this._write();
    },

    _onSet: function () {
      var codes = {};
      Object.keys(this.labels).forEach(function (label) { codes[this.labels[label]] = label; }, this);
      var value = this.hidden.value;
      this._fill(value.split(",").map(function (part) { return codes[part.trim()] || part; }).join(","));
    },

    _write: function () {
      this.hidden.value = this.items.map(function (item) { return item.value; }).join(",");
    },

    _changed: function () {
      this._write();
      this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
    },

    _add: function (label, value) {
      if (this.items.some(function (item) { return item.value === value; })) return;
      var self = this;
      var chip = document.createElement("span");
      var button = document.createElement("button");
      var item = { value: value, node: chip };
      chip.className = "chip";
      chip.append(label);
      button.type = "button";
      button.textContent = "\u00d7";
      button.setAttribute("aria-label", this.options.remove.replace("{value}", label));
      button.addEventListener("click", function () { self._remove(item); });
      chip.append(button);
      this.items.push(item);
      this.input.before(chip);
    },

    _remove: function (item) {
      item.node.remove();
      this.items = this.items.filter(function (other) { return other !== item; });
      this._changed();
      this.input.focus();
    },

    _commit: function () {
      var text = this.input.value.trim().replace(/,+$/, "");
      if (!text) return false;
      text.split(/[,;]/).map(function (part) { return part.trim(); }).filter(Boolean).forEach(function (part) { this._add(part, this.labels[part] || part); }, this);
      this.input.value = "";
      this._close();
      this._changed();
      return true;
    },

    _onKey: function (event) {
      var last = this.options_.length - 1;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
        event.preventDefault();
        var next = this.active + (event.key === "ArrowDown" ? 1 : -1);
        this._activate(next > last ? 0 : next < 0 ? last : next);
      } else if (event.key === "Enter" || event.key === ",") {
        if (event.key === "Enter" && this.active >= 0) { event.preventDefault(); this._choose(this.active); }
        else if (this._commit()) event.preventDefault();
        else if (event.key === "Enter") event.preventDefault();
      } else if (event.key === "Escape") this._close();
      else if (event.key === "Backspace" && !this.input.value && this.items.length) this._remove(this.items[this.items.length - 1]);
    },

    _onBlur: function () { setTimeout(function () { this._close(); this._commit(); }.bind(this), 150); },

    _listbox: function (root) {
      this.list = document.createElement("div");
      this.list.className = "suggest";
      this.list.id = "s-" + this.options.name;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", (this.input.labels[0] || this.input).textContent.trim());
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-controls", this.list.id);
      root.append(this.list);
    },

    _onInput: function (event) {
      event.stopPropagation();
      if (!this.list) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(this._ask.bind(this), 150);
    },

    _ask: function () {
      var self = this;
      var query = this.input.value.trim();
      if (query.length < 2) { this._close(); return; }
      fetch(this.options.source + "?q=" + encodeURIComponent(query), { credentials: "same-origin", headers: { Accept: "application/json" } })
        .then(function (response) { return response.json(); })
        .then(function (found) { if (self.input.value.trim() === query) self._show(found); })
        .catch(function () { self._close(); /* the field still takes names and codes as they are typed */ });
    },

    _show: function (found) {
      var self = this;
      this.list.replaceChildren();
      this.options_ = found.map(function (item, rank) {
        var option = document.createElement("div");
        var label = document.createElement("span");
        var kind = document.createElement("span");
        option.id = self.list.id + "-" + rank;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        label.textContent = item.label;
        kind.textContent = item.kind;
        kind.className = "d";
        option.append(label, kind);
        option.addEventListener("mousedown", function (event) { event.preventDefault(); });
        option.addEventListener("click", function () { self._choose(rank); });
        self.list.append(option);
        return { item: item, node: option };
      });
      this.list.hidden = !found.length;
      this.input.setAttribute("aria-expanded", String(!!found.length));
      this._activate(-1);
    },

    _activate: function (rank) {
      this.options_.forEach(function (option) { option.node.setAttribute("aria-selected", "false"); });
      this.active = rank;
      var chosen = this.options_[rank];
      if (!chosen) { this.input.removeAttribute("aria-activedescendant"); return; }
      chosen.node.setAttribute("aria-selected", "true");
      chosen.node.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", chosen.node.id);
    },

    _choose: function (rank) {
      var item = this.options_[rank].item;
      this.labels[item.label] = item.code;
      this._add(item.label, item.code);
      this.input.value = "";
      this._close();
      this._changed();
    },

    _close: function () {
      if (!this.list) return;
      this.list.hidden = true;
      this.options_ = [];
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  };
});
