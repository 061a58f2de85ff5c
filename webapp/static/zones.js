// The zones that the browser knows, to choose from; its own comes first.
const field = document.getElementById("zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (!field.value) field.value = own;
const names = Intl.supportedValuesOf?.("timeZone") ?? [own];
document.getElementById("zones").append(
  ...names.map((name) => Object.assign(document.createElement("option"), { value: name })),
);
