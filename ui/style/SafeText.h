#pragma once

#include <QString>

namespace chancery::ui {

/// Text of a ledger, a file or a peer made harmless for the screen and never longer than what can
/// be laid out: control characters become their pictures (U+2400 block), line breaks "⏎", bidi
/// marks and other invisible format characters a visible "·" with their code, lone surrogates
/// U+FFFD. More than `maxLength` UTF-16 units are cut and end with "…".
QString safeText(const QString& text, qsizetype maxLength = 4096);
/// The same, but line feeds and tabs stay: for panes that show whole values.
QString safeLines(const QString& text, qsizetype maxLength = 1 << 20);
/// As rich text would need it: `&`, `<`, `>` and quotes escaped after safeText().
QString safeHtml(const QString& text);
/// For setToolTip(), which guesses whether it is rich text: never taken for it.
QString safeToolTip(const QString& text);
/// "097e0ccf…b541"; short texts stay whole.
QString shortened(const QString& text, int first = 8, int last = 4);
/// Two letters for an organisation: ArxanBank, ArxanBankMSP → AB, Regulator → RG, Org1MSP → O1.
QString monogram(const QString& nameOrMspId);

}  // namespace chancery::ui
