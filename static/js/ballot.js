// <form data-castbar>: how many are chosen, and what is handed out or spent in a <section data-section>.
// Nothing is unticked, moved or sent for anyone.
(function () {
  function answers(section) {
    // Ticked boxes and fields with something in them; the radio of "none" has no value.
    var marked = section.querySelectorAll("input[type=checkbox]:checked, input[type=radio]:checked");
    var typed = section.querySelectorAll("input[type=number]");
    return Array.from(marked)
      .concat(Array.from(typed))
      .filter(function (input) {
        return input.value !== "" && !(section.dataset.kind === "points" && Number(input.value) === 0);
      });
  }

  function run(section, chosen) {
    var words = section.querySelector("[data-running]");
    if (!words) return false;
    var isMoney = section.dataset.kind === "knapsack";
    var spent = chosen.reduce(function (sum, input) {
      return sum + Number(isMoney ? input.dataset.cost || 0 : input.value);
    }, 0);
    var left = Number(section.dataset.limit) - spent;
    function show(number) {
      if (!isMoney) return String(number);
      return new Intl.NumberFormat(document.documentElement.lang, {
        maximumFractionDigits: 2,
      }).format(number / 100) + "\u00a0zł";
    }
    words.querySelector("[data-spent]").textContent = show(spent);
    words.querySelector("[data-left]").textContent = show(left);
    words.hidden = false; // without a script the numbers would stand still
    return left < 0;
  }

  onPart("form[data-castbar]", function (form) {
    function show() {
      var all = 0;
      var isOver = false;
      form.querySelectorAll("[data-section]").forEach(function (section) {
        var chosen = answers(section);
        all += chosen.length;
        var isSpent = run(section, chosen);
        isOver = isOver || isSpent || chosen.length > Number(section.dataset.most);
      });
      form.querySelectorAll("[data-chosen]").forEach(function (place) {
        place.textContent = all;
      });
      form.querySelectorAll("[data-over]").forEach(function (place) {
        place.hidden = !isOver;
      });
    }
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    form.querySelectorAll("[data-counted]").forEach(function (words) {
      words.hidden = false; // without a script the number would stand still
    });
    // Back in history the browser restores the ticks after this script has run.
    addEventListener("pageshow", show);
    show();
  });
})();
