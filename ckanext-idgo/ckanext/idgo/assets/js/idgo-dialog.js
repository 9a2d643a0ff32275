/* A link whose page holds a form ([data-dialog]) opens that form as a dialog; without this script it is a page.
 *
 * The page is fetched, its form shown in a native <dialog>: focus stays inside, Escape closes, focus returns to
 * the link. What is sent goes to the same address: an answer that leads elsewhere is followed, one that shows
 * the form again (an error) takes its place, with what was typed. Anything unexpected: the page itself.
 */
this.ckan.module("idgo-dialog", function ($) {
  "use strict";
  // The server answers 204 and X-Idgo-Location where it would redirect: a redirection followed here would take
  // the message meant for the page.
  var HEADERS = { "X-Idgo-Dialog": "1" };

  function formOf(html) {
    return new DOMParser().parseFromString(html, "text/html").querySelector("[data-dialog]");
  }

  return {
    initialize: function () {
      $.proxyAll(this, /_on/);
      this.link = this.el.get(0);
      if (typeof HTMLDialogElement !== "function") return;
      this.link.setAttribute("aria-haspopup", "dialog");
      this.link.addEventListener("click", this._onClick);
    },

    _onClick: function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      if (this.busy) return;
      this.busy = true;
      var self = this;
      fetch(this.link.href, { credentials: "same-origin", headers: HEADERS })
        .then(function (answer) {
          return answer.status === 200 ? answer.text() : "";
        })
        .then(function (html) {
          self.busy = false;
          var form = html && formOf(html);
          if (form) self._show(form);
          else window.location.assign(self.link.href);
        })
        .catch(function () {
          window.location.assign(self.link.href);
        });
    },

    _show: function (form) {
      this.dialog = document.createElement("dialog");
      this.dialog.className = "sheet";
      this.dialog.setAttribute("aria-labelledby", "ask-title");
      this.scroll = document.createElement("div");
      this.scroll.className = "sheet-scroll";
      this.dialog.append(this.scroll, this._closer(form.dataset.dialog));
      this.dialog.addEventListener("close", this._onClose);
      this.dialog.addEventListener("cancel", this._onCancel);
      this.dialog.addEventListener("submit", this._onSubmit);
      this.dialog.addEventListener("click", this._onPress);
      document.body.append(this.dialog);
      this._fill(form);
      this.dialog.showModal();
      this._focus();
    },

    _closer: function (words) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-icon sheet-close";
      button.setAttribute("aria-label", words);
      button.textContent = "✕";
      button.setAttribute("data-dialog-close", "");
      return button;
    },

    _fill: function (form) {
      this.scroll.replaceChildren(form);
      this.scroll.scrollTop = 0;
      form.querySelectorAll("[data-module]").forEach(function (element) {
        ckan.module.initializeElement(element);
      });
    },

    _focus: function () {
      var first = this.dialog.querySelector("[data-first-error]") || this.dialog.querySelector(
        "form input:not([type=hidden]), form select, form textarea, form a, form button, a");
      if (first) first.focus();
    },

    _onPress: function (event) {
      var outside = event.target === this.dialog;
      if (event.target.closest("[data-dialog-close]") || outside) {
        event.preventDefault();
        this.dialog.close();
      }
    },

    // Escape first closes the suggestions of a combobox, and only then the dialog.
    _onCancel: function (event) {
      if (this.dialog.querySelector("[role=combobox][aria-expanded=true]")) event.preventDefault();
    },

    _onClose: function () {
      this.dialog.remove();
      this.link.focus();
    },

    _onSubmit: function (event) {
      event.preventDefault();
      if (this.sending) return;
      this.sending = true;
      var form = event.target;
      var self = this;
      var button = form.querySelector("[type=submit]");
      if (button) button.setAttribute("aria-disabled", "true");
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", headers: HEADERS })
        .then(function (answer) {
          var elsewhere = answer.headers.get("X-Idgo-Location");
          if (!elsewhere) return answer.text();
          if (new URL(elsewhere, window.location).pathname === window.location.pathname) window.location.reload();
          else window.location.assign(elsewhere);
          return "";
        })
        .then(function (html) {
          self.sending = false;
          var again = html && formOf(html);
          if (again) {
            self._fill(again);
            self._focus();
          } else if (html) {
            form.submit();
          }
        })
        .catch(function () {
          self.sending = false;
          form.submit();
        });
    }
  };
});
