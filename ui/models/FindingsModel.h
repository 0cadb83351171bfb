#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "src/usecase/VerifyLedger.h"

namespace chancery::ui {

/// What verification found.
class FindingsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Severity, Block, Finding, Meaning, ColumnCount };

    explicit FindingsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    /// Findings only ever become more while one verification runs.
    void setFindings(std::vector<usecase::LedgerFinding> findings);
    const usecase::LedgerFinding& at(int row) const {
        return m_findings[static_cast<std::size_t>(row)];
    }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<usecase::LedgerFinding> m_findings;
};

}  // namespace chancery::ui
