#!/bin/sh
# manual.sh PROGRAM SUMMARY: a manual page of what a program's --help says, on standard output.
set -eu
name=$(basename "$1")
roff='s/\\/\\e/g; s/-/\\-/g'
upper=$(printf %s "$name" | tr a-z A-Z | sed "$roff")
printf '.TH %s 1 "" Chancery Chancery\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n' \
    "$upper" "$(printf %s "$name" | sed "$roff")" "$(printf %s "$2" | sed "$roff")"
QT_QPA_PLATFORM=offscreen "$1" --help | sed "$roff; s/^\([.']\)/\\\\\&\1/"
printf '.fi\n.SH SEE ALSO\n.BR chanceryctl (1)\n'
