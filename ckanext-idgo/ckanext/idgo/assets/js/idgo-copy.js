/* A button that copies an address and says so.  text - what is copied;  done - what the button says then. */
this.ckan.module("idgo-copy", function ($) {
  "use strict";
  return {
    options: { text: "", done: "" },
    initialize: function () {
      var button = this.el.get(0);
      var label = button.querySelector("span") || button;
      var before = label.textContent;
      var options = this.options;
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(options.text).then(function () {
          label.textContent = options.done;
          setTimeout(function () { label.textContent = before; }, 4000);
        });
      });
    }
  };
});
