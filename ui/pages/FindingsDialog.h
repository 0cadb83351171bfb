#pragma once

#include "ui/pages/DialogParts.h"

namespace chancery::ui {

class DataTable;
class LedgerPageModel;

/// What verification found; each finding leads to its block.
class FindingsDialog : public LedgerDialog {
    Q_OBJECT
public:
    explicit FindingsDialog(LedgerPageModel* model, QWidget* parent = nullptr);

Q_SIGNALS:
    void blockRequested(quint64 block);
    void transactionRequested(quint64 block, quint64 index);

private:
    void show(const QModelIndex& index);
    DataTable* m_table;
};

}  // namespace chancery::ui
