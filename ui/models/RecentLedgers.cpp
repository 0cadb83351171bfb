#include "ui/models/RecentLedgers.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <algorithm>

#include "ui/models/Settings.h"

namespace chancery::ui {
namespace {

constexpr size_t kMax = 20;
const QString kName = QStringLiteral("recentLedgers");

QJsonObject toJson(const RecentLedger& row) {
    return {{"paths", QJsonArray::fromStringList(row.paths)},
            {"snapshot", row.snapshot},
            {"name", row.name},
            {"channel", row.channel},
            {"verdict", static_cast<int>(row.verdict)},
            {"blocks", QString::number(row.blocks)},
            {"errors", QString::number(row.errors)},
            {"opened", row.opened.toString(Qt::ISODate)}};
}

RecentLedger fromJson(const QJsonObject& json) {
    RecentLedger row;
    for (const QJsonValue& path : json["paths"].toArray()) row.paths.append(path.toString());
    row.snapshot = json["snapshot"].toString();
    row.name = json["name"].toString();
    row.channel = json["channel"].toString();
    row.verdict = static_cast<RecentLedger::Verdict>(std::clamp(json["verdict"].toInt(), 0, 3));
    row.blocks = json["blocks"].toString().toULongLong();
    row.errors = json["errors"].toString().toULongLong();
    row.opened = QDateTime::fromString(json["opened"].toString(), Qt::ISODate);
    return row;
}

}  // namespace

RecentLedgers::RecentLedgers(Settings& settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings) {
    load();
}

void RecentLedgers::load() {
    const auto json = QJsonDocument::fromJson(m_settings.value(kName).toByteArray()).array();
    for (const QJsonValue& value : json) {
        RecentLedger row = fromJson(value.toObject());
        if (!row.paths.isEmpty() && m_rows.size() < kMax) m_rows.push_back(std::move(row));
    }
    look();
}

void RecentLedgers::save() {
    QJsonArray json;
    for (const RecentLedger& row : m_rows) json.append(toJson(row));
    m_settings.setValue(kName, QJsonDocument(json).toJson(QJsonDocument::Compact));
}

void RecentLedgers::remember(RecentLedger ledger) {
    const auto same = std::find_if(m_rows.begin(), m_rows.end(), [&](const RecentLedger& row) {
        return row.paths == ledger.paths && row.snapshot == ledger.snapshot;
    });
    if (same == m_rows.begin() && same != m_rows.end()) {
        *same = std::move(ledger);
        Q_EMIT dataChanged(index(0), index(0));
    } else {
        if (same != m_rows.end()) remove(static_cast<int>(same - m_rows.begin()));
        if (m_rows.size() == kMax) remove(static_cast<int>(kMax) - 1);
        beginInsertRows({}, 0, 0);
        m_rows.insert(m_rows.begin(), std::move(ledger));
        endInsertRows();
    }
    save();
}

void RecentLedgers::remove(int row) {
    if (row < 0 || row >= rowCount()) return;
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
    save();
}

void RecentLedgers::relocate(int row, const QStringList& paths) {
    if (row < 0 || row >= rowCount() || paths.isEmpty()) return;
    RecentLedger& ledger = m_rows[static_cast<size_t>(row)];
    ledger.paths = paths;
    ledger.missing = false;
    Q_EMIT dataChanged(index(row), index(row));
    save();
}

void RecentLedgers::look() {
    std::vector<QStringList> asked;
    for (const RecentLedger& row : m_rows) asked.push_back(row.paths);
    if (asked.empty()) return;
    m_looking = call(
        this,
        [asked](std::stop_token stop) {
            std::vector<bool> missing;
            for (const QStringList& paths : asked) {
                if (stop.stop_requested()) break;
                missing.push_back(std::any_of(paths.begin(), paths.end(), [](const QString& path) {
                    return !QFileInfo::exists(path);
                }));
            }
            return missing;
        },
        [this, asked](std::vector<bool> missing) {
            for (size_t i = 0; i < std::min(missing.size(), m_rows.size()); ++i)
                if (m_rows[i].paths == asked[i]) m_rows[i].missing = missing[i];
            if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
            Q_EMIT looked();
        });
}

QString RecentLedgers::summary(const RecentLedger& row) const {
    if (row.missing) return tr("Not found at %1").arg(row.paths.first());
    const QString blocks =
        tr("%n blocks", nullptr, static_cast<int>(row.blocks))
            .replace(QString::number(row.blocks), QLocale().toString(row.blocks));
    QString verdict;
    switch (row.verdict) {
        case RecentLedger::Verdict::Good:
            verdict = tr("Verified, %1, no errors").arg(blocks);
            break;
        case RecentLedger::Verdict::Bad:
            if (row.blocks == 0) return tr("Cannot be read");
            verdict = tr("Broken, %1, %2")
                          .arg(blocks, tr("%n errors", nullptr, static_cast<int>(row.errors)));
            break;
        case RecentLedger::Verdict::Partial:
            verdict = tr("Verified in part, %1").arg(blocks);
            break;
        case RecentLedger::Verdict::Unknown:
            verdict = tr("Not verified yet");
            break;
    }
    return row.channel.isEmpty() ? verdict : tr("%1 · %2").arg(row.channel, verdict);
}

int RecentLedgers::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant RecentLedgers::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const RecentLedger& row = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return row.name;
        case Qt::AccessibleTextRole:
            return row.name + QStringLiteral(", ") + summary(row);
        case Qt::ToolTipRole:
            return row.paths.join('\n');
        case SummaryRole:
            return summary(row);
        case DateRole:
            return row.opened;
        case VerdictRole:
            return static_cast<int>(row.verdict);
        case MissingRole:
            return row.missing;
        case PathRole:
            return row.paths;
        default:
            return {};
    }
}

}  // namespace chancery::ui
