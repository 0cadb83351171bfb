#include "ui/widgets/Bullets.h"

#include <QGridLayout>

#include "ui/style/SafeText.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

Bullets::Bullets(const QStringList& lines, QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(2, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    setLines(lines);
}

void Bullets::setLines(const QStringList& lines) {
    auto* grid = static_cast<QGridLayout*>(layout());
    while (QLayoutItem* item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString& line : lines) {
        const int row = grid->rowCount();
        grid->addWidget(new Label(QStringLiteral("•"), Type::Table, Tone::Text3), row, 0,
                        Qt::AlignTop);
        auto* text = new Label(safeLines(line), Type::Table, Tone::Text2);
        text->setWordWrap(true);
        grid->addWidget(text, row, 1);
    }
    setVisible(!lines.isEmpty());
}

}  // namespace chancery::ui
