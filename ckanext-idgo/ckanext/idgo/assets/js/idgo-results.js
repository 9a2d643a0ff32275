/* Around htmx on the search page: the skeleton while the catalogue answers, and the new count said aloud.
 * It stands on a status line outside what htmx swaps. */
this.ckan.module("idgo-results", function ($) {
  "use strict";
  return {
    initialize: function () {
      var status = this.el.get(0);
      var body = document.body;
      var timer = 0;
      body.addEventListener("htmx:beforeRequest", function () {
        // A quick answer shows no skeleton: it would only flicker.
        timer = setTimeout(function () { body.classList.add("is-searching"); }, 150);
      });
      body.addEventListener("htmx:afterRequest", function () {
        clearTimeout(timer);
        body.classList.remove("is-searching");
      });
      body.addEventListener("htmx:afterSettle", function () {
        var heading = document.querySelector("#search-results h1");
        if (heading) status.textContent = heading.textContent.trim();
      });
    }
  };
});
