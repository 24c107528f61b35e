/** Text as an attacker would have it: escapes of both forms, bidirectional, invisible, halves. */
export const poison =
	' \u001B[2J\u001B]0;owned\u0007\u001B]52;c;eA==\u001B\\\u009B31m\u009D0;x\u009C\r\b\u0000\u202E\u200B\u{E0041}\u3164\uD83D';

/** What must never reach a terminal as it is; newlines and tabs are judged by whoever asks. */
export const unprintable =
	/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF]|[\u{E0000}-\u{E0FFF}]|\p{Surrogate}/u;
