"use strict";
const place = document.getElementById("swagger-ui");

// To show one operation, Swagger UI works the whole document through, for seconds each time. This leaves of the document
// what is shown and all that it refers to, near and far, which has the same outcome.
const neededFor = (path, document) => {
  const { paths, components = {}, ...needed } = document;
  const [part, name] = path;
  if (part === "paths" && paths?.[name]) needed.paths = { [name]: paths[name] };
  else if (part !== "components" || name !== "securitySchemes") return document;
  needed.components = { securitySchemes: components.securitySchemes ?? {} };
  const unread = [needed];
  while (unread.length) {
    const text = JSON.stringify(unread.pop());
    for (const [, ref, start, kind, key] of text.matchAll(/("\$ref":)?"#\/(\w+)\/([^"/]+)(?:\/([^"/]+))?/g)) {
      if (start !== "components" && ref) return document;
      const found = start === "components" && components[kind]?.[key];
      const kept = found && (needed.components[kind] ??= {});
      if (!kept || Object.hasOwn(kept, key)) continue;
      kept[key] = found;
      unread.push(found);
    }
  }
  return needed;
};

window.ui = SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  showExtensions: false,
  syntaxHighlight: { activated: true },
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [{
    afterLoad() {
      const resolve = this.fn.resolveSubtree;
      this.fn.resolveSubtree = (document, path, options) => resolve(neededFor(path, document), path, options);
    },
  }],
});
