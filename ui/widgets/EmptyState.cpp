#include "ui/widgets/EmptyState.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/OrgChip.h"

namespace chancery::ui {
namespace {

constexpr int kTextWidth = 340;

class BigIcon : public QWidget {
public:
    explicit BigIcon(QString name) : m_name(std::move(name)) {
        setFixedSize(24, 24);
        followTheme(this);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        icon(m_name, Tone::Text3).paint(&painter, rect());
    }

private:
    QString m_name;
};

}  // namespace

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& text,
                       QWidget* parent)
    : QWidget(parent) {
    m_title = new Label(title, Type::InspectorTitle);
    m_title->setWordWrap(true);
    m_text = new Label(text, Type::Body, Tone::Text2);
    m_text->setWordWrap(true);
    m_extra = new QWidget;
    m_extra->setLayout(new QVBoxLayout);
    m_extra->layout()->setContentsMargins(0, 4, 0, 0);
    m_extra->hide();
    m_buttons = new QWidget;
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 6, 0, 0);
    row->setSpacing(8);
    row->addStretch();
    m_buttons->hide();

    auto* block = new QWidget;
    m_title->setMaximumWidth(kTextWidth);
    m_text->setMaximumWidth(kTextWidth);
    auto* column = new QVBoxLayout(block);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(new BigIcon(iconName));
    column->addSpacing(2);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_extra);
    column->addWidget(m_buttons);

    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(block, 0);
    middle->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addStretch(1);
    layout->addLayout(middle);
    layout->addStretch(1);
}

void EmptyState::setTexts(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setText(text);
}

QPushButton* EmptyState::addPrimary(const QString& text, const QString& iconName) {
    return add(makeButton(text, ButtonTone::Primary, iconName));
}

QPushButton* EmptyState::addSecondary(const QString& text, const QString& iconName) {
    return add(makeButton(text, ButtonTone::Secondary, iconName));
}

QPushButton* EmptyState::add(QPushButton* button) {
    auto* row = static_cast<QHBoxLayout*>(m_buttons->layout());
    row->insertWidget(row->count() - 1, button);
    m_buttons->show();
    return button;
}

void EmptyState::addWidget(QWidget* widget) {
    m_extra->layout()->addWidget(widget);
    m_extra->show();
}

PermissionState::PermissionState(const QString& title, const QString& text,
                                 const QList<Person>& whoCan, QWidget* parent)
    : EmptyState(QStringLiteral("lock"), title, text, parent) {
    if (whoCan.isEmpty()) return;
    auto* people = new QWidget;
    auto* row = new QHBoxLayout(people);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(new Label(tr("Who can:"), Type::Table, Tone::Text2));
    for (const Person& person : whoCan) {
        auto* chip = new OrgChip;
        chip->setOrganisation(person.organisation, person.series);
        row->addWidget(chip);
        auto* name = new Label({}, Type::Table, Tone::Text2);
        name->setSafeText(person.name);
        row->addWidget(name);
        row->addSpacing(8);
    }
    row->addStretch();
    addWidget(people);
}

}  // namespace chancery::ui
