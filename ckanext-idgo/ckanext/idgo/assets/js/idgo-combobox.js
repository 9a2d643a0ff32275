/* Suggestions while typing: the ARIA combobox with a grouped listbox.
 *
 * kind   - what is suggested: "subject" (datasets, keywords, themes, organisations, territories) or "territory"
 * source - answers GET ?q=&kind= with [{"group", "items": [{"label", "detail", "url", "value"}]}]
 * target - id of a hidden field that takes the chosen item's value (territories)
 * Without this script, or when the source does not answer, the field stays a plain field.
 */
this.ckan.module("idgo-combobox", function ($) {
  "use strict";
  var counter = 0;
  var ICONS = { dataset: "database", keyword: "tag", theme: "category", organization: "building", territory: "map-pin" };

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function appendMarked(node, label, query) {
    // Accents do not count: positions are looked for letter by letter in the folded text.
    var letters = Array.from(label);
    var folded = letters.map(fold).join("");
    var at = fold(query).length ? folded.indexOf(fold(query)) : -1;
    if (at < 0 || folded.length !== letters.length) {
      node.append(label);
      return;
    }
    var mark = document.createElement("b");
    var end = at + fold(query).length;
    mark.append(letters.slice(at, end).join(""));
    node.append(letters.slice(0, at).join(""), mark, letters.slice(end).join(""));
  }

  return {
    options: { kind: "subject", source: "", target: "", icons: "", hint: "", count: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.input = this.el.find("input:not([type=hidden])").get(0);
      this.hidden = this.options.target ? document.getElementById(this.options.target) : null;
      this.id = "suggest-" + (counter += 1);
      this.items = [];
      this.active = -1;
      this._dress();
      this.input.addEventListener("input", this._onInput);
      this.input.addEventListener("keydown", this._onKey);
      this.input.addEventListener("blur", this._onBlur);
      this.input.addEventListener("focus", this._onFocus);
    },

    _dress: function () {
      var input = this.input;
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", this.id);
      this.box = document.createElement("div");
      this.box.className = "suggest";
      this.box.hidden = true;
      this.list = document.createElement("div");
      this.list.id = this.id;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", (input.labels[0] || input).textContent.trim());
      this.box.append(this.list);
      if (this.options.hint) {
        var hint = document.createElement("p");
        hint.className = "suggest-hint";
        hint.append(this.options.hint);
        this.box.append(hint);
      }
      this.el.append(this.box);
      this.status = document.createElement("span");
      this.status.className = "visually-hidden";
      this.status.setAttribute("role", "status");
      this.el.append(this.status);
    },

    _onInput: function () {
      if (this.hidden) this.hidden.value = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(this._ask.bind(this), 150);
    },

    _onFocus: function () {
      if (this.items.length) this._open();
    },

    _onBlur: function () {
      // A press on an option blurs the field first: options listen to mousedown, which comes before.
      this._close();
    },

    _ask: function () {
      var query = this.input.value.trim();
      var self = this;
      if (query.length < 2) {
        this._show([], query);
        return;
      }
      if (this.request) this.request.abort();
      this.request = new AbortController();
      var url = this.options.source + "?" + new URLSearchParams({ q: query, kind: this.options.kind === "territory" ? "territory" : "" });
      fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } })
        .then(function (answer) {
          return answer.ok ? answer.json() : [];
        })
        .then(function (groups) {
          self._show(groups.groups || groups, query);
        })
        .catch(function (error) {
          if (error.name !== "AbortError") self._show([], query);
        });
    },

    _show: function (groups, query) {
      var self = this;
      this.items = [];
      this.active = -1;
      this.list.replaceChildren();
      groups.forEach(function (group, rank) {
        if (!group.items.length) return;
        var block = document.createElement("div");
        var title = document.createElement("div");
        title.className = "suggest-group";
        title.id = self.id + "-g" + rank;
        title.setAttribute("role", "presentation");
        title.append(group.group);
        block.setAttribute("role", "group");
        block.setAttribute("aria-labelledby", title.id);
        block.append(title);
        group.items.forEach(function (item) {
          block.append(self._option(item, query));
        });
        self.list.append(block);
      });
      this.status.textContent = this.items.length && this.options.count ? this.options.count.replace("{n}", this.items.length) : "";
      if (this.items.length && document.activeElement === this.input) this._open();
      else this._close();
    },

    _option: function (item, query) {
      var option = document.createElement("div");
      var label = document.createElement("span");
      var detail = document.createElement("span");
      var rank = this.items.length;
      option.id = this.id + "-" + rank;
      option.className = "suggest-item";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(this._icon(item));
      label.className = "l";
      appendMarked(label, item.label, query);
      detail.className = "d";
      detail.append(item.detail || "");
      option.append(label, " ", detail);
      option.addEventListener("mousedown", function (event) { event.preventDefault(); });
      option.addEventListener("click", this._choose.bind(this, rank));
      this.items.push({ item: item, node: option });
      return option;
    },

    _icon: function (item) {
      var name = ICONS[item.kind] || "search";
      var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      svg.setAttribute("class", "ic");
      svg.setAttribute("aria-hidden", "true");
      use.setAttribute("href", this.options.icons + "#i-" + name);
      svg.append(use);
      return svg;
    },

    _open: function () {
      this.box.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    },

    _close: function () {
      this.box.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this._activate(-1);
    },

    _activate: function (rank) {
      if (this.items[this.active]) this.items[this.active].node.setAttribute("aria-selected", "false");
      this.active = rank;
      var chosen = this.items[rank];
      if (!chosen) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      chosen.node.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", chosen.node.id);
      chosen.node.scrollIntoView({ block: "nearest" });
    },

    _onKey: function (event) {
      var last = this.items.length - 1;
      if (event.key === "Escape") {
        if (!this.box.hidden) event.preventDefault();
        this._close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
        event.preventDefault();
        this._open();
        var step = event.key === "ArrowDown" ? 1 : -1;
        var next = this.active + step;
        this._activate(next > last ? 0 : next < 0 ? last : next);
      } else if (event.key === "Enter" && !this.box.hidden && this.active >= 0) {
        event.preventDefault();
        this._choose(this.active);
      }
    },

    _choose: function (rank) {
      var item = this.items[rank].item;
      if (this.options.kind !== "territory" && item.url) {
        window.location.assign(item.url);
        return;
      }
      this.input.value = item.label;
      if (this.hidden) this.hidden.value = item.value || "";
      this.items = [];
      this._close();
      this.input.focus();
    }
  };
});
