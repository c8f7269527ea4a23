// <form data-draft="key">: what is typed stays in this browser until a page says data-draft-clear="key".
(function () {
  var prefix = "draft:" + location.host + ":";
  onPart("[data-draft-clear]", function (mark) {
    try {
      localStorage.removeItem(prefix + mark.dataset.draftClear);
    } catch (error) {
      return;
    }
  });
  onPart("form[data-draft]", function (form) {
    var key = prefix + form.dataset.draft;
    var timer = 0;
    function fields() {
      return Array.prototype.filter.call(form.elements, function (field) {
        return field.name && field.name !== "csrf_token" && /^(text|textarea|search|email|number|date)$/.test(field.type);
      });
    }
    function save() {
      var typed = {};
      fields().forEach(function (field) {
        if (field.value !== field.defaultValue) typed[field.name] = field.value;
      });
      try {
        if (Object.keys(typed).length) localStorage.setItem(key, JSON.stringify(typed));
        else localStorage.removeItem(key);
      } catch (error) {
        return;
      }
    }
    try {
      var kept = JSON.parse(localStorage.getItem(key) || "{}");
      // What the server sent back is newer than the draft, but for words it put there to be changed.
      fields().forEach(function (field) {
        if (kept[field.name] && (!field.defaultValue || field.hasAttribute("data-prefilled"))) {
          field.value = kept[field.name];
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      });
    } catch (error) {
      return;
    }
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(save, 400);
    });
    form.addEventListener("submit", save);
  });
})();
