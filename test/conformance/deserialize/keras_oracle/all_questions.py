"""All that is asked by hand. `about` names the group that a test of its own holds against what the tool says."""

from keras_oracle import call_questions, danger_questions, model_questions, tfjs_questions, warning_questions

CASES = [
    *model_questions.CASES,
    *call_questions.CASES,
    *tfjs_questions.CASES,
    *({**one, "about": "warnings"} for one in warning_questions.CASES + danger_questions.CASES),
]
