#include "ui/models/EndorsementModel.h"

#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {

using namespace usecase;

void EndorsementModel::setTransaction(std::shared_ptr<const TransactionDescription> transaction) {
    beginResetModel();
    m_rows.clear();
    if (transaction) {
        for (const EndorsementDescription& endorsement : transaction->endorsements) {
            const IdentityName& who = endorsement.endorser;
            Row row;
            row.msp = LedgerText::plain(who.mspId.str(), 100);
            row.name = LedgerText::name(who);
            row.certificate = LedgerText::plain(who.fingerprint, 100);
            row.verdict = endorsement.counts ? tr("Counts") : tr("Does not count");
            row.toolTip = Sentences::tell(endorsement.why, 1000);
            row.level = endorsement.counts ? LedgerLevel::Good : LedgerLevel::Bad;
            m_rows.push_back(std::move(row));
        }
        for (const PolicyVerdict& policy : transaction->policies)
            addAbsent(policy.explanation, policy.satisfied);
    }
    endResetModel();
}

void EndorsementModel::addAbsent(const PolicyExplanation& explanation, bool satisfied) {
    for (const PolicyExplanation& part : explanation.parts) addAbsent(part, satisfied);
    if (!explanation.parts.empty() || explanation.satisfied || explanation.phrase.empty()) return;
    const std::string msp = explanation.rule.substr(0, explanation.rule.rfind('.'));
    const QString name = LedgerText::plain(msp, 100);
    for (const Row& row : m_rows)
        if (row.msp == name && (row.present || row.toolTip == LedgerText::plain(explanation.rule)))
            return;
    Row row;
    row.msp = name;
    row.name = satisfied ? tr("not asked") : tr("nobody");
    row.verdict = satisfied ? tr("Not needed") : tr("Missing");
    row.toolTip = LedgerText::plain(explanation.rule);
    row.level = satisfied ? LedgerLevel::None : LedgerLevel::Bad;
    row.present = false;
    m_rows.push_back(std::move(row));
}

int EndorsementModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EndorsementModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EndorsementModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            if (column == Organisation) return row.msp;
            if (column == EndorsedBy) return row.name;
            if (column == Certificate) return LedgerText::shortId(row.certificate, 6, 4);
            return row.verdict;
        case Qt::ToolTipRole:
            if (column == Certificate && !row.certificate.isEmpty()) return row.certificate;
            return row.toolTip.isEmpty() ? data(index, Qt::DisplayRole) : QVariant(row.toolTip);
        case Qt::AccessibleTextRole:
            return column == Verdict && !row.toolTip.isEmpty()
                       ? QVariant(row.verdict + QStringLiteral(": ") + row.toolTip)
                       : data(index, Qt::DisplayRole);
        case FullTextRole:
            return column == Certificate ? QVariant(row.certificate) : data(index, Qt::DisplayRole);
        case MspRole:
            return column == Organisation ? QVariant(row.msp) : QVariant();
        case LevelRole:
            return column == Verdict && row.level != LedgerLevel::None
                       ? QVariant(static_cast<int>(row.level))
                       : QVariant();
        case MonoRole:
            return column == Certificate;
        case QuietRole:
            return !row.present && (column != Verdict || row.level == LedgerLevel::None);
        default:
            return {};
    }
}

QVariant EndorsementModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Organisation:
            return tr("Organisation");
        case EndorsedBy:
            return tr("Endorsed by");
        case Certificate:
            return tr("Certificate");
        case Verdict:
            return tr("Signature");
        default:
            return {};
    }
}

}  // namespace chancery::ui
