#pragma once

#include <functional>

#include "ui/pages/DialogParts.h"

class QCheckBox;
class QComboBox;
class QLayout;
class QLineEdit;
class QPlainTextEdit;
class QSlider;
class QSpinBox;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace chancery::ui {

class DataTable;
class KeyViewModel;
class SegmentedControl;

/// One key: its value after any block, every version with who wrote it, and the keys beside it.
class KeyDialog : public LedgerDialog {
    Q_OBJECT
public:
    /// Colour of an organisation by its MSP id.
    using SeriesOf = std::function<int(const QString& msp)>;
    KeyDialog(KeyViewModel* model, SeriesOf seriesOf, QWidget* parent = nullptr);

Q_SIGNALS:
    void transactionRequested(quint64 block, quint64 index);

private:
    QWidget* makeHistory();
    QWidget* makeState();
    QLayout* makeWhich();
    QLayout* makeHeight();
    void search();
    void show();
    void showContracts();
    void heightChanged(int block);

    KeyViewModel* m_model;
    SeriesOf m_seriesOf;
    QComboBox* m_contract;
    QLineEdit* m_key;
    QSlider* m_slider;
    QSpinBox* m_height;
    QVBoxLayout* m_value;
    QPlainTextEdit* m_text;
    SegmentedControl* m_mode;
    QStackedWidget* m_pages;
    DataTable* m_history;
    DataTable* m_state;
    QTimer* m_delay;
};

}  // namespace chancery::ui
