#pragma once

#include <QTreeView>

namespace chancery::ui {

class Label;
class OperationModel;

/// Operations as rows with glyph, progress bar and one button: Cancel, Reveal, Open or Details.
/// Enter does what the button does; Delete cancels; the context menu has all.
class OperationView : public QTreeView {
    Q_OBJECT
public:
    explicit OperationView(OperationModel& model, QWidget* parent = nullptr);
    void retranslate();

Q_SIGNALS:
    void linkActivated(const QString& link);
    void revealRequested(const QString& path);
    void detailsRequested(quint64 operation);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    enum class Act { None, Cancel, Reveal, Open, Details };
    Act mainAct(int row) const;
    bool can(int row, Act act) const;
    void perform(quint64 id, Act act);
    static QString textOf(Act act);
    void refreshButtons();
    void showMenu(const QPoint& at, int row);

    OperationModel& m_model;
    Label* m_empty;
};

}  // namespace chancery::ui
