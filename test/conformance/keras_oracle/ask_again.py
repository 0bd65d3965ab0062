"""Puts recorded questions to the running release once more; `recordings.test.ts` compares the answers.

    python -m keras_oracle.ask_again < QUESTIONS.json > ANSWERS.json

The questions are {"files", "records", "cases"}: records are loaded with the files as their workspace, cases bring their
own. The answers are {"python", "records", "cases"}, in the same order.
"""

import json
import sys

from absl import logging

from keras_oracle.loading import LOADERS, Workspace, ask, python_version
from keras_oracle.record_cases import answer

logging.set_verbosity(logging.ERROR)


def main():
    questions = json.load(sys.stdin)
    answers = {"python": python_version(), "records": [], "cases": [answer(case) for case in questions["cases"]]}
    workspace = Workspace(questions["files"])
    with workspace.imported():
        for record in questions["records"]:
            workspace.register_again()
            answers["records"].append(ask(lambda: LOADERS[record["loader"]](record["config"])))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
