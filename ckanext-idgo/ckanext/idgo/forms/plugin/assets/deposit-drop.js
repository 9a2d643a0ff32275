/* Drop zone: resumable upload (tus-js-client) of the file dropped or chosen, one draft per file.
 *
 * endpoint - tus creation; next - where drafts live; chunk - bytes per request; limit - bytes per file
 * deposit  - the draft this file belongs to; resource - the file it replaces
 * Without this script the form sends the file in one piece.
 */
this.ckan.module("idgo-deposit-drop", function ($) {
  "use strict";

  function size(bytes) {
    var french = document.documentElement.lang.indexOf("fr") === 0;
    var units = french ? ["octets", "ko", "Mo", "Go"] : ["bytes", "kB", "MB", "GB"];
    var value = bytes;
    while (value >= 1024 && units.length > 1) { value /= 1024; units.shift(); }
    return (value < 10 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString(document.documentElement.lang) + "\u00a0" + units[0];
  }

  return {
    options: { endpoint: "", next: "", chunk: 4194304, limit: 0, deposit: "", resource: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      if (!window.tus || !window.tus.isSupported) return;
      this.form = this.el.get(0);
      this.form.classList.add("deposit-ready");
      this.zone = this.form.querySelector(".dropzone");
      this.input = this.form.querySelector("input[type=file]");
      this.list = this.form.querySelector(".deposit-uploads");
      this.input.addEventListener("change", this._onChoose);
      this.zone.addEventListener("dragover", this._onOver);
      this.zone.addEventListener("dragleave", this._onLeave);
      this.zone.addEventListener("drop", this._onDrop);
      if (this.input.files.length) this._onChoose(); // chosen before this script came
    },

    _onOver: function (event) { event.preventDefault(); this.zone.classList.add("over"); },
    _onLeave: function () { this.zone.classList.remove("over"); },
    _onDrop: function (event) {
      event.preventDefault();
      this.zone.classList.remove("over");
      this._take(event.dataTransfer.files);
    },
    _onChoose: function () {
      this._take(this.input.files);
    },

    _take: function (files) {
      var several = files.length > 1 && !this.options.deposit && !this.options.resource;
      Array.from(several ? files : Array.from(files).slice(0, 1)).forEach(function (file) { this._send(file, several); }, this);
    },

    _row: function (file) {
      var row = document.createElement("div");
      row.className = "up";
      row.innerHTML = '<span class="sq"></span><div><b></b><p></p><span class="echelle" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><i style="--v:0%"></i></span></div><button type="button" class="btn btn-quiet btn-sm"></button>';
      row.querySelector("b").textContent = file.name;
      row.querySelector(".echelle").setAttribute("aria-label", file.name);
      row.querySelector(".sq").append(this.zone.querySelector(".ic").cloneNode(true));
      row.querySelector("button").textContent = window.idgoDeposit.say("Cancel");
      this.list.append(row);
      return row;
    },

    _say: function (row, words, bad) {
      row.classList.toggle("bad", !!bad);
      row.querySelector("p").textContent = words;
    },

    _send: function (file, several) {
      var self = this;
      var row = this._row(file);
      var bar = row.querySelector(".echelle");
      var begun = Date.now();
      var limit = Number(this.options.limit);
      if (limit && file.size > limit) {
        this._refuse(row, window.idgoDeposit.say("The file is {size} and the limit is {limit}. Cut it, or give its address instead.", { size: size(file.size), limit: size(limit) }));
        return;
      }
      var metadata = { filename: file.name };
      if (this.options.deposit) metadata.deposit = this.options.deposit;
      if (this.options.resource) metadata.resource = this.options.resource;
      var upload = new window.tus.Upload(file, {
        endpoint: this.options.endpoint,
        chunkSize: Number(this.options.chunk),
        retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
        metadata: metadata,
        removeFingerprintOnSuccess: true,
        fingerprint: function (chosen) {
          return Promise.resolve(["idgo", self.options.deposit, self.options.resource, chosen.name, chosen.size, chosen.lastModified].join("-"));
        },
        onBeforeRequest: function (request) {
          request.setHeader("X-CSRFToken", window.idgoDeposit.token());
          request.setHeader("Accept", "application/json");
        },
        onShouldRetry: function (error) {
          var status = error.originalResponse ? error.originalResponse.getStatus() : 0;
          return status === 0 || status === 409 || status === 423 || status >= 500;
        },
        onProgress: function (sent, total) {
          var share = total ? Math.floor(100 * sent / total) : 0;
          bar.firstElementChild.style.setProperty("--v", share + "%");
          bar.setAttribute("aria-valuenow", share);
          var seconds = (Date.now() - begun) / 1000;
          var left = sent ? Math.ceil(seconds * (total - sent) / sent) : 0;
          self._say(row, window.idgoDeposit.say("{sent} of {total}, {left} seconds left", { sent: size(sent), total: size(total), left: left }));
        },
        onError: function (error) {
          self._refuse(row, self._reason(error));
        },
        onSuccess: function () {
          self._say(row, window.idgoDeposit.say("Received."));
          var id = upload.url.split("/").slice(-2)[0];
          var address = self.options.next + "/" + id;
          if (!several) window.location.assign(address);
          else self._link(row, address);
        }
      });
      row.querySelector("button").addEventListener("click", function () {
        upload.abort(true).catch(function () { /* the server no longer has it: nothing to remove */ }).then(function () { row.remove(); });
        self.input.value = "";
      });
      upload.findPreviousUploads().then(function (previous) {
        if (previous.length) upload.resumeFromPreviousUpload(previous[0]);
        upload.start();
      });
    },

    _reason: function (error) {
      var response = error.originalResponse;
      if (!response || !response.getStatus()) return window.idgoDeposit.say("The connection broke. Choose the same file again: it goes on where it stopped.");
      try {
        return JSON.parse(response.getBody()).error.message;
      } catch (_error) {
        return window.idgoDeposit.say("The server answered {status}. Choose the same file again: it goes on where it stopped.", { status: response.getStatus() });
      }
    },

    _refuse: function (row, words) {
      this._say(row, words, true);
      row.querySelector(".echelle").remove();
      row.querySelector("button").textContent = window.idgoDeposit.say("Remove");
      row.querySelector("button").addEventListener("click", function () { row.remove(); });
      this.input.value = "";
    },

    _link: function (row, address) {
      var link = document.createElement("a");
      link.href = address;
      link.textContent = window.idgoDeposit.say("Open its sheet");
      row.querySelector("button").replaceWith(link);
    }
  };
});
