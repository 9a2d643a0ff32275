/* The ten fields: saved as they are typed, kept in this browser too, followed while the file is read.
 *
 * id - the draft; save - autosave; state - what the file is doing; busy - it is being read
 * login - where a lost session logs in again
 */
this.ckan.module("idgo-deposit-form", function ($) {
  "use strict";
  var PAUSE_MS = 800;
  var POLL_MS = 1500;

  return {
    options: { id: "", save: "", state: "", busy: false, icons: "", login: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.form = this.el.get(0);
      this.key = "idgo-deposit-" + this.options.id;
      this.sent = {};
      setTimeout(this._onReady, 0); // the lists of chips inside are dressed after this module
    },

    _onReady: function () {
      this.sent = this._values();
      this._offer();
      this.form.addEventListener("input", this._onInput);
      this.form.addEventListener("change", this._onInput);
      this.form.addEventListener("submit", this._onSubmit);
      window.addEventListener("pagehide", this._onLeave);
      if (this.options.busy) this._poll();
    },

    _values: function () {
      var values = {};
      new FormData(this.form).forEach(function (value, name) {
        if (name === "act" || name === "version" || name.charAt(0) === "_" || name.indexOf("choice-") === 0) return;
        values[name] = value;
      });
      return values;
    },

    _changed: function () {
      var now = this._values();
      var sent = this.sent;
      var changed = {};
      Object.keys(now).forEach(function (name) { if (now[name] !== sent[name]) changed[name] = now[name]; });
      return changed;
    },

    _onInput: function () {
      this._remember(this._changed());
      clearTimeout(this.timer);
      this.timer = setTimeout(this._save.bind(this), PAUSE_MS);
    },

    // The net: what was typed since the server last answered stays in this browser.
    _remember: function (changed) {
      try {
        if (Object.keys(changed).length) localStorage.setItem(this.key, JSON.stringify(changed));
        else localStorage.removeItem(this.key);
      } catch (_error) { this.noNet = true; /* private browsing: the server's copy is the only one */ }
    },

    _offer: function () {
      var kept;
      try { kept = JSON.parse(localStorage.getItem(this.key) || "null"); } catch (_error) { kept = null; }
      if (!kept) return;
      var form = this.form;
      var same = Object.keys(kept).every(function (name) {
        var field = form.elements[name];
        return !field || field.value === kept[name];
      });
      if (same) { this._remember({}); return; }
      this._note(window.idgoDeposit.say("This browser kept words that the server did not receive."), window.idgoDeposit.say("Put them back"), function () {
        Object.keys(kept).forEach(function (name) {
          var field = form.elements[name];
          if (!field) return;
          field.value = kept[name];
          if (field.dispatchEvent) field.dispatchEvent(new Event("idgo-set", { bubbles: true }));
        });
        this._onInput();
      }.bind(this));
    },

    _note: function (words, act, then) {
      var note = document.createElement("div");
      var text = document.createElement("div");
      note.className = "note warn";
      note.setAttribute("role", "status");
      note.append(window.idgoDeposit.icon(this.options.icons, "history"), text);
      text.append(words + " ");
      if (act) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-outline btn-sm";
        button.textContent = act;
        button.addEventListener("click", function () { note.remove(); then(); });
        text.append(button);
      }
      if (this.note) this.note.remove();
      this.note = note;
      this.form.prepend(note);
    },

    _save: function () {
      var self = this;
      var changed = this._changed();
      if (!Object.keys(changed).length || this.saving) return Promise.resolve();
      var sending = this._values();
      this.saving = true;
      return window.idgoDeposit.post(this.options.save, { fields: changed, version: this.form.elements.version.value })
        .then(function (response) {
          if (response.status === 403) return self._lost();
          return response.json().then(function (body) {
            if (response.ok) self._saved(body, sending);
            else self._status(body.error && body.error.message, true);
          });
        })
        .catch(function () { self._status(window.idgoDeposit.say("No connection: what you type is kept in this browser."), true); })
        .then(function () {
          self.saving = false;
          if (Object.keys(self._changed()).length && !self.refused) { clearTimeout(self.timer); self.timer = setTimeout(self._save.bind(self), PAUSE_MS); }
        });
    },

    _saved: function (body, sending) {
      this.refused = false;
      this.sent = sending;
      this.form.elements.version.value = body.version;
      this._remember(this._changed());
      this._status(body.saved, false);
      var icons = this.options.icons;
      Object.keys(body.marks).forEach(function (name) {
        var mark = document.querySelector('[data-mark="' + name + '"]');
        if (!mark) return;
        mark.className = "from-file " + body.marks[name].kind;
        mark.querySelector("span").textContent = body.marks[name].text;
        mark.querySelector("use").setAttribute("href", icons + "#i-" + body.marks[name].icon);
      });
    },

    _status: function (words, bad) {
      this.refused = bad;
      var place = document.querySelector("[data-saved]");
      if (!place || !words) return;
      place.classList.toggle("ok", !bad);
      place.classList.toggle("bad", bad);
      place.querySelector("span").textContent = words;
    },

    _lost: function () {
      this.refused = true;
      var login = this.options.login;
      this._note(window.idgoDeposit.say("Your session is over. What you typed is kept in this browser."), window.idgoDeposit.say("Log in again"), function () { window.location.assign(login); });
    },

    _onSubmit: function () { clearTimeout(this.timer); this.leaving = true; },

    _onLeave: function () {
      var changed = this._changed();
      if (this.leaving || !Object.keys(changed).length) return;
      fetch(this.options.save, {
        method: "POST", keepalive: true, credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": window.idgoDeposit.token() },
        body: JSON.stringify({ fields: changed, version: this.form.elements.version.value })
      });
    },

    _poll: function () {
      var self = this;
      fetch(this.options.state, { credentials: "same-origin", headers: { Accept: "application/json" } })
        .then(function (response) { return response.json(); })
        .then(function (body) {
          document.querySelectorAll("[data-file-state]").forEach(function (place) { place.textContent = body.words; });
          if (body.state === "waiting" || body.state === "reading") { setTimeout(self._poll.bind(self), POLL_MS); return; }
          self._save().then(function () { self.leaving = true; window.location.reload(); });
        })
        .catch(function () { setTimeout(self._poll.bind(self), 4 * POLL_MS); });
    }
  };
});

/* After a refused form, the list of what to look at takes the focus. */
this.ckan.module("idgo-deposit-focus", function () {
  "use strict";
  return { initialize: function () { this.el.get(0).focus(); } };
});
