#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "src/usecase/LedgerDescription.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// Who endorsed a transaction, whether that counted, and who was not asked or is missing.
class EndorsementModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Organisation, EndorsedBy, Certificate, Verdict, ColumnCount };

    explicit EndorsementModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setTransaction(std::shared_ptr<const usecase::TransactionDescription> transaction);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString msp, name, certificate, verdict, toolTip;
        LedgerLevel level = LedgerLevel::None;
        bool present = true;
    };
    void addAbsent(const usecase::PolicyExplanation& explanation, bool satisfied);

    std::vector<Row> m_rows;
};

}  // namespace chancery::ui
