#include "ui/widgets/ErrorState.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Bullets.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Collapsible.h"
#include "ui/widgets/GlyphWidget.h"
#include "ui/widgets/HorizontalLine.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
ErrorState::ErrorState(QWidget* parent) : QWidget(parent) {
    m_title = new Label({}, Type::InspectorTitle);
    m_title->setWordWrap(true);
    m_why = new Label({}, Type::Body, Tone::Text2);
    m_why->setWordWrap(true);
    m_whatToDo = new Label(tr("What you can do"), Type::SmallSectionTitle);
    m_whatToDo->hide();
    m_remedies = new Bullets;
    m_buttons = new QWidget;
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(8);
    row->addStretch();
    m_buttons->hide();
    m_collapsible = new Collapsible(tr("Details"));
    auto* copy =
        makeButton(tr("Copy"), ButtonTone::Ghost, QStringLiteral("copy"), ButtonSize::Small);
    connect(copy, &QPushButton::clicked, this, &ErrorState::copyDetails);
    m_collapsible->addAction(copy);
    m_collapsible->hide();

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_why);
    column->addSpacing(4);
    column->addWidget(m_whatToDo);
    column->addWidget(m_remedies);
    column->addWidget(m_buttons);
    auto* line = new HorizontalLine;
    column->addWidget(line);
    column->addWidget(m_collapsible);
    column->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 18, 16, 16);
    layout->setSpacing(9);
    auto* glyph = new GlyphWidget(Status::Error, 17);
    auto* glyphColumn = new QVBoxLayout;
    glyphColumn->addSpacing(2);
    glyphColumn->addWidget(glyph);
    glyphColumn->addStretch(1);
    layout->addLayout(glyphColumn);
    layout->addLayout(column, 1);
}

void ErrorState::setTitle(const QString& title) {
    m_title->setSafeText(title);
    setAccessibleName(m_title->text());
}

void ErrorState::setWhy(const QString& why) {
    m_why->setText(safeLines(why));
    m_why->setVisible(!why.isEmpty());
}

void ErrorState::setRemedies(const QStringList& remedies) {
    static_cast<Bullets*>(m_remedies)->setLines(remedies);
    m_whatToDo->setVisible(!remedies.isEmpty());
}

void ErrorState::setDetails(const QList<QPair<QString, QString>>& details) {
    m_details = details;
    auto* pairs = new QWidget;
    auto* grid = new QGridLayout(pairs);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto& [name, value] : details) {
        grid->addWidget(new Label(name, Type::LogMono, Tone::Text2), row, 0, Qt::AlignTop);
        auto* text = new Label(safeLines(value, 4096), Type::Mono, Tone::Text2);
        text->setWordWrap(true);
        grid->addWidget(text, row, 1);
        static_cast<Label*>(grid->itemAtPosition(row, 0)->widget())->setType(Type::Mono);
        ++row;
    }
    m_collapsible->setContent(pairs);
    m_collapsible->setVisible(!details.isEmpty());
}

QPushButton* ErrorState::addPrimary(const QString& text) {
    return add(makeButton(text, ButtonTone::Primary));
}

QPushButton* ErrorState::addSecondary(const QString& text) {
    return add(makeButton(text, ButtonTone::Secondary));
}

QPushButton* ErrorState::add(QPushButton* button) {
    auto* row = static_cast<QHBoxLayout*>(m_buttons->layout());
    row->insertWidget(row->count() - 1, button);
    m_buttons->show();
    return button;
}

void ErrorState::clearButtons() {
    qDeleteAll(m_buttons->findChildren<QPushButton*>());
    m_buttons->hide();
}

void ErrorState::copyDetails() const {
    QString text = m_title->text() + '\n';
    for (const auto& [name, value] : m_details) {
        text += name + QStringLiteral(": ") + safeLines(value) + '\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

}  // namespace chancery::ui
