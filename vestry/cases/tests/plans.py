"""Three plans to try things with, as a definition would write them."""

import msgspec

from vestry.cases.options import Options

MISSED_BIN = msgspec.convert(
    {
        "team": "waste",
        "due": "2 working days",
        "stages": {
            "reported": {"title": "Reported", "next": "The crew will come back for it."},
            "collected": {"title": "Collected", "end": "resolved", "told": "We have emptied your bin."},
            "not-out": {
                "title": "Not put out",
                "end": "failed",
                "told": "Your bin was not out.",
                "on-reply": "reported",
                "reply-within": "5 working days",
            },
        },
        "actions": [
            {
                "id": "collected",
                "do": "Mark as collected",
                "from": "reported",
                "to": "collected",
                "by": ["crew"],
            },
            {
                "id": "not-out",
                "do": "Mark as not put out",
                "from": "reported",
                "to": "not-out",
                "by": ["crew"],
                "ask": [{"long-text": {"id": "seen", "ask": "What did you see?"}}],
                "when": 'bin != "food"',
            },
        ],
    },
    Options,
)

FOI = msgspec.convert(
    {
        "team": "information",
        "due": "20 working days",
        "stages": {
            "received": {"title": "Received", "next": "We will look for what you asked for."},
            "clarifying": {
                "title": "Waiting for you",
                "next": "Tell us what we asked you.",
                "clock": "stopped",
                "on-reply": "received",
            },
            "answered": {"title": "Answered", "end": "answered", "told": "We have answered your request."},
            "refused": {"title": "Refused", "end": "refused", "told": "We can not give you this."},
            "lapsed": {"title": "Lapsed", "end": "lapsed", "told": "We did not hear from you."},
        },
        "actions": [
            {
                "id": "clarify",
                "do": "Ask for clarification",
                "from": "received",
                "to": "clarifying",
                "message": "required",
            },
            {
                "id": "remind",
                "do": "Remind them",
                "from": "clarifying",
                "to": "clarifying",
                "message": "optional",
            },
            {
                "id": "answer",
                "do": "Answer",
                "from": ["received", "clarifying"],
                "to": "answered",
                "message": "required",
            },
            {
                "id": "refuse",
                "do": "Refuse",
                "from": "received",
                "to": "refused",
                "by": ["officer"],
                "message": "required",
                "ask": [
                    {
                        "radios": {
                            "id": "exemption",
                            "ask": "Which exemption applies?",
                            "options": {"s12": "Cost (section 12)", "s40": "Personal data (section 40)"},
                        }
                    }
                ],
            },
            {
                "id": "lapse",
                "do": "Close: no answer",
                "from": "clarifying",
                "to": "lapsed",
                "after": "40 working days",
            },
        ],
    },
    Options,
)

COMPLAINT = msgspec.convert(
    {
        "team": "waste",
        "stages": {
            "received": {"title": "Received", "due": "5 working days"},
            "stage-1": {
                "title": "Stage 1",
                "due": "10 working days",
                "extend": {"by": "10 working days", "roles": ["officer"]},
                "tasks": [
                    {"id": "speak", "title": "Speak to whoever complained", "due": "3 working days"},
                    {"id": "learn", "title": "Write down what we learn"},
                ],
            },
            "answered": {
                "title": "Answered",
                "end": "upheld",
                "on-reply": "stage-2",
                "reply-within": "20 working days",
                "reply-ask": "Why should somebody else look at it?",
                "reply-do": "Ask for stage 2",
            },
            "stage-2": {
                "title": "Stage 2",
                "due": "20 working days",
                "team": "information",
                "extend": {"by": "20 working days", "roles": ["officer", "manager"]},
            },
            "over": {"title": "Answered at stage 2", "end": "not-upheld"},
        },
        "actions": [
            {"id": "begin", "do": "Begin", "from": "received", "to": "stage-1", "message": "required"},
            {
                "id": "uphold",
                "do": "Uphold",
                "from": "stage-1",
                "to": "answered",
                "by": ["officer", "manager"],
                "needs": ["speak"],
            },
            {
                "id": "finish",
                "do": "Answer at stage 2",
                "from": "stage-2",
                "to": "over",
                "by": ["officer", "manager"],
                "guard": "officer != decided.stage_1",
                "guard-says": "Somebody else has to answer at stage 2.",
            },
        ],
    },
    Options,
)
