"""Papers that the pipeline was not made for: in another language, or from another field."""

import pytest

import kg
from kg.nlp.scope import is_english, is_on_topic

OTHER_LANGUAGES = [
    "Wir stellen ein neues Verfahren vor, das Objekte in Bildern mit einem tiefen neuronalen Netz erkennt. Das Netz wird auf "
    "ImageNet trainiert.",
    "Nous proposons un modèle de traduction fondé sur le Transformer, entraîné sur WMT14. Le code est disponible en ligne, et "
    "on le met à jour.",
    "En este trabajo presentamos un modelo de lenguaje entrenado con historias clínicas en español. Supera a los modelos "
    "generales en la tarea de reconocimiento de entidades.",
    "Este artigo apresenta um método para a detecção de fraudes em cartões de crédito. Os experimentos mostram que o modelo "
    "tem maior precisão.",
    "In questo lavoro proponiamo una rete neurale per la previsione del traffico urbano, addestrata con i dati di tre città.",
    "We onderzoeken hoe een neuraal netwerk sprekers kan herkennen wanneer er weinig gegevens zijn. Het model werkt beter dan "
    "de bestaande methoden.",
    "Puheentunnistus neuroverkoilla: tässä työssä esitämme uuden menetelmän puheen tunnistamiseen neuroverkkojen avulla. "
    "Tulokset ovat parempia kuin aiemmilla menetelmillä, ja koodi on vapaasti saatavilla.",
    "В статье предложена модель машинного перевода на основе архитектуры Transformer.",
    "本文提出了一种基于卷积神经网络的图像分类方法,在ImageNet上取得了优于ResNet的准确率。",
    "본 논문에서는 한국어 문장의 감성 분석을 위한 딥러닝 모델을 제안한다.",
    "تقدم هذه الورقة نموذجا جديدا للترجمة الآلية يعتمد على المحولات",
]
OTHER_FIELDS = [
    "We present deep photometry of eleven dwarf galaxies observed with a four metre telescope over six nights. The rotation "
    "curves rise slowly, which is hard to reconcile with cuspy halos. We derive masses and discuss how tidal stripping by the "
    "host galaxy has shaped the present population.",
    "We report a mild synthesis of substituted indoles from readily available anilines. The reaction proceeds at room "
    "temperature with low loading of palladium acetate and tolerates esters, nitriles and halides. Yields range from 54 to 93 "
    "percent on gram scale, and the products were characterised by spectroscopy.",
    "Drawing on court rolls and account books, this article argues that the exclusion of women from the brewing trade was "
    "slower and more contested than has been assumed. Widows kept their late husbands' rights for decades. The decisive change "
    "came with the Reformation, when the town council took control of licences.",
]


@pytest.mark.parametrize("text", OTHER_LANGUAGES, ids=lambda text: text[:20])
def test_another_language_is_noticed(text):
    assert not is_english(f"{text}\n{text}")  # as long as an abstract


def test_another_field_is_noticed():
    papers = [{"title": f"Study {number}", "abstract": abstract} for number, abstract in enumerate(OTHER_FIELDS)]
    assert [is_on_topic(extraction) for extraction in kg.extract(kg.read(papers))] == [False, False, False]


def test_papers_on_machine_learning_in_english_are_not_called_anything_else(example_extractions):
    assert all(is_english(extraction.paper.text) and is_on_topic(extraction) for extraction in example_extractions)


@pytest.mark.parametrize("text", ["", "ResNet\n", "AdaBoost: ein Überblick\n", "$\\alpha$-divergence β-VAE\n"])
def test_what_is_too_short_to_tell_is_not_judged(text):
    assert is_english(text)
    assert is_on_topic(kg.Extraction(kg.make_paper(text or "x")))
