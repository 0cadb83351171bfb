#pragma once

#include <QWidget>
#include <vector>

#include "ui/style/Icons.h"

class QVBoxLayout;

namespace chancery::ui {

class Label;
class ProgressLine;

struct OperationStep {
    QString text;
    Status status = Status::None;  ///< None: not begun
    QString time;                  ///< "0.9 s"
};

/// A long operation: title, time, line, its steps, and the ways out.
class OperationSteps : public QWidget {
    Q_OBJECT
public:
    explicit OperationSteps(QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// "4.1 s of about 6 s"
    void setTime(const QString& time);
    void setFraction(double fraction);
    void setSteps(const std::vector<OperationStep>& steps);
    void addButton(QWidget* button);

private:
    Label* m_title;
    Label* m_time;
    ProgressLine* m_progress;
    QVBoxLayout* m_steps;
    QWidget* m_buttons;
};

}  // namespace chancery::ui
