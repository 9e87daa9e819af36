import { defineConfig } from "@kubb/core";
import { pluginClient } from "@kubb/plugin-client";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";
import { pluginZod } from "@kubb/plugin-zod";

export default defineConfig({
  root: ".",
  input: { path: "./openapi.json" },
  output: { path: "./kubb", clean: true, format: false, lint: false },
  plugins: [
    pluginOas(),
    pluginTs(),
    pluginZod({ version: "4", importPath: "zod/v4" }),
    pluginClient({ client: "fetch", parser: "zod", paramsType: "object", pathParamsType: "object" }),
  ],
});
