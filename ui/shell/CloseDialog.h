#pragma once

#include <QDialog>

namespace chancery::ui {

class OperationModel;

/// Asks before the window closes while something runs: what runs, and what stopping means.
class CloseDialog : public QDialog {
    Q_OBJECT
public:
    CloseDialog(const OperationModel& operations, int running, QWidget* parent);
};

}  // namespace chancery::ui
