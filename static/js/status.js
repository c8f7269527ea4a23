// What has just been said can be closed: with its button or with Escape.
(function () {
  var region = document.getElementById("status");
  var button = document.querySelector("[data-empty=status]");
  if (!region || !button) return;
  function show() {
    button.hidden = !region.firstElementChild;
  }
  function empty() {
    region.replaceChildren();
  }
  new MutationObserver(show).observe(region, { childList: true });
  button.addEventListener("click", function () {
    empty();
    document.getElementById("main").focus();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") empty();
  });
  show();
})();
