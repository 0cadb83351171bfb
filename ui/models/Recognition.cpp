#include "ui/models/Recognition.h"

#include <algorithm>

namespace chancery::ui {
namespace {

constexpr qsizetype kHashDigits = 64;
constexpr qsizetype kMaxText = 8192;

bool isHex(const QString& text) {
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// The first certificate of a pasted text; a line edit leaves none of its line breaks.
QByteArray certificateIn(const QString& text) {
    static const QString kBegin = QStringLiteral("-----BEGIN CERTIFICATE-----");
    const qsizetype begin = text.indexOf(kBegin);
    const qsizetype end = text.indexOf(QLatin1String("-----END CERTIFICATE-----"), begin + 1);
    if (begin < 0 || end < 0) return {};
    QByteArray body;
    for (const QChar c : QStringView(text).mid(begin + kBegin.size(), end - begin - kBegin.size()))
        if (c.isLetterOrNumber() || c == '+' || c == '/' || c == '=') body += c.toLatin1();
    QByteArray pem = kBegin.toLatin1() + '\n';
    for (qsizetype at = 0; at < body.size(); at += 64) pem += body.mid(at, 64) + '\n';
    return pem + "-----END CERTIFICATE-----\n";
}

}  // namespace

Recognition recognise(const QString& text) {
    Recognition found;
    QString plain = text.left(kMaxText).trimmed();
    if (QByteArray pem = certificateIn(plain); !pem.isEmpty()) {
        found.kind = Recognition::Kind::Certificate;
        found.pem = std::move(pem);
        return found;
    }
    if (const auto link = Link::fromString(plain)) {
        found.kind = Recognition::Kind::Link;
        found.link = *link;
        return found;
    }
    if (plain.startsWith(QLatin1String("0x"), Qt::CaseInsensitive)) plain.remove(0, 2);
    QString digits = plain;
    digits.remove(':');
    if (digits.size() == kHashDigits && isHex(digits)) {
        found.kind = Recognition::Kind::Hash;
        found.hash = digits.toLower();
        return found;
    }
    plain.remove(',').remove(QChar(0x00a0)).remove(QChar(0x202f)).remove('\'');
    bool good = false;
    const quint64 number = plain.toULongLong(&good);
    if (good && plain.front().isDigit()) {
        found.kind = Recognition::Kind::BlockNumber;
        found.block = number;
    }
    return found;
}

}  // namespace chancery::ui
