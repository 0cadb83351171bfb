#pragma once

#include <optional>

#include "ui/models/LedgerExports.h"
#include "ui/pages/DialogParts.h"

class QCheckBox;
class QLineEdit;
class QSpinBox;
class QVBoxLayout;

namespace chancery::ui {

class LedgerPageModel;
class ProgressLine;

/// Whether another source has the same chain, up to a height.
class CompareDialog : public LedgerDialog {
    Q_OBJECT
public:
    CompareDialog(LedgerPageModel* model, LedgerExports* exports, QWidget* parent = nullptr);
    ~CompareDialog() override;
    void setPath(const QString& path);

Q_SIGNALS:
    void blockRequested(quint64 block);

private:
    void choose();
    void start();
    void show(const LedgerExports::Comparison& result);

    LedgerPageModel* m_model;
    LedgerExports* m_exports;
    QLineEdit* m_path;
    QCheckBox* m_atHeight;
    QSpinBox* m_height;
    ProgressLine* m_progress;
    QVBoxLayout* m_result;
    QPushButton* m_start;
};

}  // namespace chancery::ui
