#pragma once

#include <QWidget>

#include "ui/style/Theme.h"

class QHBoxLayout;

namespace chancery::ui {

class Label;

/// Title of a pane (36 px) or of an inspector's section, a dimmer summary behind it, and actions at
/// the right.
class SectionHeader : public QWidget {
    Q_OBJECT
public:
    explicit SectionHeader(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSummary(const QString& summary);
    void addAction(QWidget* widget);
    /// A pane's header: 36 px, margins of 16, line below. Else as high as its text.
    void setPane(bool pane);
    void setType(Type type);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Label* m_title;
    Label* m_summary;
    QHBoxLayout* m_layout;
    bool m_pane = false;
};

}  // namespace chancery::ui
