#include "ui/widgets/LoadingRows.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/ProgressLine.h"

namespace chancery::ui {

class LoadingRows::Rows : public QWidget {
public:
    Rows() {
        followTheme(this);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    }
    QList<int> lefts{16, 112, 228, 328}, widths{76, 76, 72, 36};
    int rows = 8;

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const int height = theme.rowHeight();
        drawHorizontalLine(painter, 0, width(), 0, theme.color(Tone::Border));
        for (int row = 0; row < rows && row * height < this->height(); ++row) {
            const qreal top = row * height;
            for (qsizetype i = 0; i < lefts.size(); ++i) {
                // Uneven ends, as text has them; the same at every paint.
                const qreal part = 1 - ((row * 7 + static_cast<int>(i) * 3) % 5) * 0.035;
                const QRectF block(lefts[i], top + (height - 8) / 2.0, widths.value(i, 60) * part,
                                   8);
                drawBox(painter, block, 2, theme.color(Tone::Chip));
            }
            drawHorizontalLine(painter, 0, width(), top + height - 1, theme.color(Tone::Border));
        }
    }
};

LoadingRows::LoadingRows(QWidget* parent) : QWidget(parent) {
    m_title = new Label({}, Type::Body);
    m_title->setElide(Qt::ElideMiddle);
    m_count = new Label({}, Type::Table, Tone::Text2);
    m_progress = new ProgressLine;
    m_hint = new Label({}, Type::Table, Tone::Text3);
    m_hint->setElide(Qt::ElideRight);
    m_cancel = makeButton(tr("Cancel"), ButtonTone::Secondary, {}, ButtonSize::Small);
    m_cancel->hide();
    connect(m_cancel, &QPushButton::clicked, this, &LoadingRows::cancelRequested);
    m_rows = new Rows;

    auto* first = new QHBoxLayout;
    first->addWidget(m_title, 1);
    first->addWidget(m_count);
    auto* third = new QHBoxLayout;
    third->addWidget(m_hint, 1);
    third->addWidget(m_cancel);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 14, 16, 12);
    head->setSpacing(8);
    head->addLayout(first);
    head->addWidget(m_progress);
    head->addLayout(third);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_rows, 1);
    setAccessibleName(tr("Loading"));
}

void LoadingRows::setTitle(const QString& title) {
    m_title->setSafeText(title);
    setAccessibleDescription(m_title->text());
}

void LoadingRows::setCount(const QString& count) {
    m_count->setText(count);
}

void LoadingRows::setHint(const QString& hint) {
    m_hint->setText(hint);
}

void LoadingRows::setFraction(double fraction) {
    m_progress->setFraction(fraction);
}

void LoadingRows::setColumns(const QList<int>& lefts, const QList<int>& widths) {
    m_rows->lefts = lefts;
    m_rows->widths = widths;
    m_rows->update();
}

void LoadingRows::setRows(int rows) {
    m_rows->rows = rows;
    m_rows->update();
}

void LoadingRows::setCancellable(bool cancellable) {
    m_cancel->setVisible(cancellable);
}

}  // namespace chancery::ui
