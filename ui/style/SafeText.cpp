#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr QChar kReplacement(0xfffd);

/// Characters that draw nothing, or change how others are drawn. Joiners and variation selectors
/// are among them: they are needed in some scripts, and yet make two names look alike.
bool isInvisible(char32_t c) {
    return c == 0x00ad || c == 0x034f || c == 0x061c || c == 0x115f || c == 0x1160 || c == 0x17b4 ||
           c == 0x17b5 || (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x3164 ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0xffa0 ||
           (c >= 0xfff0 && c <= 0xfffb) || (c >= 0x1bca0 && c <= 0x1bca3) ||
           (c >= 0x1d173 && c <= 0x1d17a) || (c >= 0xe0000 && c <= 0xe0fff);
}

void append(QString& out, char32_t c, bool keepLines) {
    if (keepLines && (c == '\n' || c == '\t')) {
        out += QChar(static_cast<char16_t>(c));
    } else if (c == '\n') {
        out += QChar(0x23ce);  // the return symbol
    } else if (c < 0x20) {
        out += QChar(static_cast<char16_t>(0x2400 + c));
    } else if (c == 0x7f) {
        out += QChar(0x2421);
    } else if ((c >= 0x80 && c < 0xa0) || isInvisible(c)) {
        out += QStringLiteral("\u00b7U+%1\u00b7")
                   .arg(QString::number(static_cast<uint>(c), 16).toUpper().rightJustified(4, '0'));
    } else if (QChar::category(c) == QChar::Other_Surrogate ||
               QChar::category(c) == QChar::Other_NotAssigned) {
        out += kReplacement;
    } else {
        const auto units = QChar::fromUcs4(c);
        out += QStringView(units);
    }
}

/// More marks on one letter than any language needs would paint over the lines around.
constexpr int kMaxMarks = 4;

QString harmless(const QString& text, qsizetype maxLength, bool keepLines) {
    QString out;
    out.reserve(std::min(text.size(), maxLength) + 1);
    int marks = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (at >= maxLength) {
            out += QChar(0x2026);
            break;
        }
        const QChar unit = text.at(at);
        char32_t c = unit.unicode();
        if (unit.isHighSurrogate() && at + 1 < text.size() && text.at(at + 1).isLowSurrogate()) {
            c = QChar::surrogateToUcs4(unit, text.at(++at));
        }
        const auto category = QChar::category(c);
        const bool mark = category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing;
        marks = mark ? marks + 1 : 0;
        if (marks > kMaxMarks) continue;
        append(out, c, keepLines);
    }
    return out;
}

bool isWordStart(const QString& text, qsizetype at) {
    if (at == 0) return true;
    const QChar c = text.at(at), before = text.at(at - 1);
    if (!before.isLetterOrNumber()) return true;
    if (c.isDigit() != before.isDigit()) return true;
    return c.isUpper() && !before.isUpper();
}

bool isVowel(QChar c) {
    return QStringView(u"aeiouyAEIOUY").contains(c);
}

}  // namespace

QString safeText(const QString& text, qsizetype maxLength) {
    return harmless(text, maxLength, false);
}

QString safeLines(const QString& text, qsizetype maxLength) {
    return harmless(text, maxLength, true);
}

QString safeHtml(const QString& text) {
    return safeText(text).toHtmlEscaped();
}

QString safeToolTip(const QString& text) {
    if (text.isEmpty()) return {};
    return QStringLiteral("<qt>%1</qt>").arg(safeHtml(text));
}

QString shortened(const QString& text, int first, int last) {
    if (text.size() <= first + last + 1) return text;
    return text.left(first) + QChar(0x2026) + text.right(last);
}

QString monogram(const QString& nameOrMspId) {
    QString name = nameOrMspId.left(64).trimmed();
    if (name.size() > 3 && name.endsWith(u"MSP", Qt::CaseInsensitive)) name.chop(3);
    QString starts, letters;
    for (qsizetype at = 0; at < name.size(); ++at) {
        const QChar c = name.at(at);
        if (!c.isLetterOrNumber()) continue;
        if (isWordStart(name, at)) starts += c;
        letters += c;
    }
    if (letters.isEmpty()) return QStringLiteral("?");
    if (starts.size() >= 2) return starts.left(2).toUpper();
    for (qsizetype at = 1; at < letters.size(); ++at) {
        if (!isVowel(letters.at(at))) return (letters.left(1) + letters.at(at)).toUpper();
    }
    return letters.left(2).toUpper();
}

}  // namespace chancery::ui
