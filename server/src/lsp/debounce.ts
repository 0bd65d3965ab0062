/** How long after an edit of Python others are waited for before it is read again, in milliseconds. */
export const PYTHON_DEBOUNCE_MS = 120;
