#include "ui/models/Link.h"

#include <QStringDecoder>
#include <QStringList>
#include <QUrl>

namespace chancery::ui {
namespace {

constexpr int kMaxBytes = 4096;
const QString kScheme = QStringLiteral("chancery://");

QString encoded(const QString& part) {
    return QString::fromLatin1(QUrl::toPercentEncoding(part));
}

/// Nothing when an escape is cut or names bytes that are no text, and for control characters.
std::optional<QString> decoded(const QString& part) {
    if (part.isEmpty()) return std::nullopt;
    QByteArray bytes;
    const QByteArray text = part.toUtf8();
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes.append(text[i]);
            continue;
        }
        bool good = false;
        const int value = i + 2 < text.size() ? text.mid(i + 1, 2).toInt(&good, 16) : -1;
        if (!good || value < 0) return std::nullopt;
        bytes.append(static_cast<char>(value));
        i += 2;
    }
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString result = decoder(bytes);
    if (decoder.hasError()) return std::nullopt;
    for (const QChar c : result)
        if (c.category() == QChar::Other_Control) return std::nullopt;
    return result;
}

}  // namespace

QString Link::toString() const {
    QString text = kScheme + encoded(network) + '/' + encoded(channel) + '/' + encoded(kind);
    if (!id.isEmpty()) text += '/' + encoded(id);
    return text;
}

std::optional<Link> Link::fromString(const QString& text) {
    if (text.size() > kMaxBytes || !text.startsWith(kScheme)) return std::nullopt;
    const QStringList parts = text.mid(kScheme.size()).split('/');
    if (parts.size() < 3 || parts.size() > 4) return std::nullopt;
    Link link;
    QString* const fields[] = {&link.network, &link.channel, &link.kind, &link.id};
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const auto part = decoded(parts[i]);
        if (!part) return std::nullopt;
        *fields[i] = *part;
    }
    return link;
}

}  // namespace chancery::ui
