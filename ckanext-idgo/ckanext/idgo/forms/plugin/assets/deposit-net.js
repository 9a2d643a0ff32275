/* What the deposit's scripts share: CKAN's CSRF token (asked again when the page is old), JSON requests. */
this.idgoDeposit = (function () {
  "use strict";

  function fieldName() {
    var meta = document.querySelector('meta[name="csrf_field_name"]');
    return meta ? meta.content : "_csrf_token";
  }

  function token(fresh) {
    var meta = document.querySelector('meta[name="' + fieldName() + '"]');
    if (fresh && meta) {
      meta.content = fresh;
      document.querySelectorAll('input[name="' + fieldName() + '"]').forEach(function (input) { input.value = fresh; });
    }
    return meta ? meta.content : "";
  }

  // After a new login the token of this page is no longer the session's.
  function renew() {
    return fetch("/depot", { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (response) { return response.text(); })
      .then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html");
        var meta = page.querySelector('meta[name="' + fieldName() + '"]');
        return meta ? token(meta.content) : "";
      });
  }

  function post(url, body, again) {
    return fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(body)
    }).then(function (response) {
      if (response.status === 400 && !again) return renew().then(function () { return post(url, body, true); });
      return response;
    });
  }

  // Sentences come from the page, in the reader's language (fact_helpers.idgo_forms_script_words).
  function say(sentence, values) {
    var place = document.querySelector("[data-deposit-words]");
    var words = place ? JSON.parse(place.getAttribute("data-deposit-words")) : {};
    return (words[sentence] || sentence).replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? values[name] : whole;
    });
  }

  function icon(sprite, name) {
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "ic");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("focusable", "false");
    use.setAttribute("href", sprite + "#i-" + name);
    svg.append(use);
    return svg;
  }

  return { token: token, renew: renew, post: post, say: say, icon: icon };
})();
