#include "ui/widgets/OperationSteps.h"

#include <QHBoxLayout>

#include "ui/widgets/GlyphWidget.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/ProgressLine.h"
#include "ui/widgets/Spinner.h"

namespace chancery::ui {

OperationSteps::OperationSteps(QWidget* parent) : QWidget(parent) {
    m_title = new Label({}, Type::Body);
    m_title->setElide(Qt::ElideMiddle);
    m_time = new Label({}, Type::Table, Tone::Text2);
    m_progress = new ProgressLine;
    m_steps = new QVBoxLayout;
    m_steps->setSpacing(7);
    m_buttons = new QWidget;
    auto* buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 4, 0, 0);
    buttons->setSpacing(8);
    buttons->addStretch();
    m_buttons->hide();
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_time);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_progress);
    layout->addSpacing(2);
    layout->addLayout(m_steps);
    layout->addWidget(m_buttons);
}

void OperationSteps::setTitle(const QString& title) {
    m_title->setSafeText(title);
    setAccessibleName(m_title->text());
}

void OperationSteps::setTime(const QString& time) {
    m_time->setText(time);
}

void OperationSteps::setFraction(double fraction) {
    m_progress->setFraction(fraction);
}

void OperationSteps::setSteps(const std::vector<OperationStep>& steps) {
    while (QLayoutItem* item = m_steps->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const OperationStep& step : steps) {
        auto* row = new QWidget;
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(8);
        if (step.status == Status::Running) {
            layout->addWidget(new Spinner);
        } else {
            layout->addWidget(new GlyphWidget(step.status));
        }
        auto* text =
            new Label({}, Type::Body, step.status == Status::None ? Tone::Text3 : Tone::Text);
        text->setSafeText(step.text);
        text->setElide(Qt::ElideRight);
        layout->addWidget(text, 1);
        layout->addWidget(new Label(step.time, Type::Mono, Tone::Text2));
        m_steps->addWidget(row);
    }
}

void OperationSteps::addButton(QWidget* button) {
    auto* row = static_cast<QHBoxLayout*>(m_buttons->layout());
    row->insertWidget(row->count() - 1, button);
    m_buttons->show();
}

}  // namespace chancery::ui
