#include "ui/models/FindingsModel.h"

#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {
namespace {

using usecase::LedgerFinding;

LedgerLevel levelOf(const LedgerFinding& finding) {
    switch (finding.severity) {
        case LedgerFinding::Severity::Error:
            return LedgerLevel::Bad;
        case LedgerFinding::Severity::Warning:
            return LedgerLevel::Warning;
        case LedgerFinding::Severity::Note:
            break;
    }
    return LedgerLevel::None;
}

QString wordOf(const LedgerFinding& finding) {
    switch (finding.severity) {
        case LedgerFinding::Severity::Error:
            return FindingsModel::tr("Error");
        case LedgerFinding::Severity::Warning:
            return FindingsModel::tr("Warning");
        case LedgerFinding::Severity::Note:
            break;
    }
    return FindingsModel::tr("Note");
}

QString placeOf(const LedgerFinding& finding) {
    if (!finding.block) return QStringLiteral("–");
    if (finding.transaction) return LedgerText::place({*finding.block, *finding.transaction});
    return LedgerText::number(*finding.block);
}

QString details(const LedgerFinding& finding) {
    QStringList lines{LedgerText::plain(finding.reason, 200)};
    if (!finding.cause.empty()) lines << Sentences::tell(finding.cause, 1000);
    if (!finding.txId.empty()) lines << LedgerText::plain(finding.txId, 200);
    if (!finding.file.empty()) lines << LedgerText::plain(finding.file, 1000);
    if (finding.bytes)
        lines << FindingsModel::tr("bytes %1 to %2")
                     .arg(LedgerText::number(finding.bytes->first),
                          LedgerText::number(finding.bytes->second));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

void FindingsModel::setFindings(std::vector<LedgerFinding> findings) {
    const auto sameHead = [&] {
        if (findings.size() < m_findings.size()) return false;
        for (std::size_t i = 0; i < m_findings.size(); ++i)
            if (m_findings[i].reason != findings[i].reason ||
                m_findings[i].block != findings[i].block ||
                m_findings[i].sentence != findings[i].sentence)
                return false;
        return true;
    };
    if (!sameHead()) {
        beginResetModel();
        m_findings = std::move(findings);
        endResetModel();
        return;
    }
    if (findings.size() == m_findings.size()) return;
    beginInsertRows({}, static_cast<int>(m_findings.size()), static_cast<int>(findings.size()) - 1);
    m_findings = std::move(findings);
    endInsertRows();
}

int FindingsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FindingsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const LedgerFinding& finding = at(index.row());
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            if (column == Severity) return wordOf(finding);
            if (column == Block) return placeOf(finding);
            if (column == Finding) return Sentences::tell(told(finding), 1000);
            return LedgerText::findingMeaning(finding.reason);
        case Qt::ToolTipRole:
            return column == Meaning ? LedgerText::findingMeaning(finding.reason)
                                     : Sentences::tell(told(finding), 1000) + QLatin1Char('\n') +
                                           details(finding);
        case FullTextRole:
            return Sentences::tell(told(finding), 4000) + QLatin1Char('\n') + details(finding);
        case LevelRole:
            return column == Severity ? QVariant(static_cast<int>(levelOf(finding))) : QVariant();
        case MonoRole:
            return column == Block;
        case BlockRole:
            return finding.block ? QVariant::fromValue<quint64>(*finding.block) : QVariant();
        case PositionRole:
            return finding.transaction ? static_cast<int>(*finding.transaction) : -1;
        default:
            return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Severity:
            return tr("Severity");
        case Block:
            return tr("Block");
        case Finding:
            return tr("What was found");
        case Meaning:
            return tr("What it means");
        default:
            return {};
    }
}

}  // namespace chancery::ui
