#pragma once

#include <optional>

#include "ui/models/TransactionView.h"
#include "ui/pages/DialogParts.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace chancery::ui {

class LedgerExports;
class LedgerPageModel;
class SegmentedControl;

/// What to export, in which form, where to. The export itself goes on in the background.
class ExportDialog : public LedgerDialog {
    Q_OBJECT
public:
    ExportDialog(LedgerPageModel* model, LedgerExports* exports, QWidget* parent = nullptr);
    /// The evidence of this one.
    void setTransaction(const usecase::WrittenAt& place, const QString& id);
    void setCurrentBlock(quint64 block);

private:
    QWidget* makeRange();
    QWidget* makeLanguage();
    void formChanged();
    void choosePath();
    void start();
    int form() const;

    LedgerPageModel* m_model;
    LedgerExports* m_exports;
    std::optional<usecase::WrittenAt> m_transaction;
    SegmentedControl* m_form;
    Label* m_about;
    QWidget* m_range;
    QSpinBox* m_first;
    QSpinBox* m_last;
    QWidget* m_languageField;
    QComboBox* m_language;
    QLineEdit* m_path;
    Label* m_error;
    bool m_pathEdited = false;
};

}  // namespace chancery::ui
