/** The reader of Python source as one door: statements, what their headers say, literals, and ways to walk it all. */
export * from "./headers.ts";
export * from "./literals.ts";
export * from "./parse.ts";
export * from "./walk.ts";
