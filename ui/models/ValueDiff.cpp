#include "ui/models/ValueDiff.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "ui/models/LedgerText.h"

namespace chancery::ui {
namespace {

using Mark = LedgerSegment::Mark;

constexpr std::size_t kLargestJson = 64 * 1024;
constexpr std::size_t kShownBytes = 2048;

std::optional<QJsonObject> objectOf(const std::optional<Bytes>& value) {
    if (!value || value->size() > kLargestJson || value->empty() || value->front() != '{')
        return std::nullopt;
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray::fromRawData(value->data(), qsizetype(value->size())));
    if (!document.isObject()) return std::nullopt;
    return document.object();
}

QString memberText(const QString& name, const QJsonValue& value) {
    QString text;
    if (value.isObject())
        text = QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    else if (value.isArray())
        text = QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    else if (value.isDouble())
        text = QString::number(value.toDouble(), 'g', 15);
    else
        text = value.toVariant().toString();
    if (value.isNull()) text = QStringLiteral("null");
    const std::string bytes = (name + QLatin1Char(' ') + text).toStdString();
    return LedgerText::plain(bytes, kShownBytes);
}

/// Members that are new or different in `object` come first.
QVector<LedgerSegment> membersOf(const QJsonObject& object, const QJsonObject& other, Mark mark) {
    QVector<LedgerSegment> changed, same;
    for (auto member = object.begin(); member != object.end(); ++member) {
        const auto found = other.find(member.key());
        const bool differs = found == other.end() || found.value() != member.value();
        (differs ? changed : same)
            .push_back({memberText(member.key(), member.value()), differs ? mark : Mark::Plain});
    }
    return changed + same;
}

}  // namespace

ValueDiff ValueDiff::of(const std::optional<Bytes>& before, const std::optional<Bytes>& after,
                        bool decode) {
    const bool equal = before == after;
    if (decode && !equal) {
        const auto left = objectOf(before);
        const auto right = objectOf(after);
        if (left && right)
            return {membersOf(*left, *right, Mark::Removed), membersOf(*right, *left, Mark::Added)};
    }
    ValueDiff diff;
    if (before)
        diff.before = {
            {LedgerText::value(*before, kShownBytes), equal ? Mark::Plain : Mark::Removed}};
    if (after)
        diff.after = {{LedgerText::value(*after, kShownBytes), equal ? Mark::Plain : Mark::Added}};
    return diff;
}

QString ValueDiff::textOf(const QVector<LedgerSegment>& segments) {
    QStringList parts;
    for (const LedgerSegment& segment : segments) parts << segment.text;
    return parts.join(QStringLiteral(", "));
}

}  // namespace chancery::ui
