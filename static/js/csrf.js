// HTMX requests carry the token of the page. Not from inside what people wrote: a text must never
// be able to act in the reader's name.
(function () {
  document.addEventListener("htmx:configRequest", function (event) {
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (meta && event.detail.verb !== "get" && !event.target.closest("[data-ugc]")) {
      event.detail.headers["X-CSRFToken"] = meta.content;
    }
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.closest("[data-ugc]")) event.preventDefault();
  });
})();
