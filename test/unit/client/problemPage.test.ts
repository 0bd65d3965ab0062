import assert from "node:assert/strict";
import { test } from "node:test";
import { problemPage } from "../../../client/src/problemPage.ts";

test("the page says what, why and what to do, as text and never as markup", () => {
  const page = problemPage(
    "<b>.keras",
    "File not found: <script>alert(1)</script>",
    'Save it "again" & again.',
    "a-rule",
  );
  assert.match(page, /<h1 id="name">&lt;b&gt;\.keras<\/h1>/);
  assert.match(page, /role="status">File not found: &lt;script&gt;alert\(1\)&lt;\/script&gt;<\/p>/);
  assert.match(page, /<p>Save it &quot;again&quot; &amp; again\.<\/p>/);
  assert.match(page, /href="command:kerasConfig\.showRule\?%5B%22a-rule%22%5D"/);
});

test("the page runs no script and loads nothing", () => {
  const page = problemPage("model.keras", "File not found.");
  assert.match(page, /content="default-src 'none'; style-src 'nonce-[\w-]+'"/);
  assert.doesNotMatch(page, /<script|<img|<link|\bsrc=|\bon\w+=/);
  assert.doesNotMatch(page, /<h2>|<a /);
});
