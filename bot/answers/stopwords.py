"""Words that carry no topic: grammar, question words, politeness and greetings of the product languages.

Accents are folded, as `text.words` folds them. Question words are here because almost every heading has one;
they still count a little when passages are ranked.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
a about again ai all also am an and any anyone anything are arent as at be because been before being both
but by can cannot cant could couldnt did didnt do does doesnt doing done dont each either else even ever
every few for from get gets getting give go goes going gonna got had has hasnt have havent having he her
here hers him his how however i id if ill im in into is isnt it its ive just kind know let lets like ll lot
made make many may maybe me might mine more most much must my need never no nor not of off ok okay on once
one only or other our ours out over own perhaps please quite rather re really said same say see shall she
should shouldnt so some someone something still such tell than that thats the their theirs them then there
theres these they theyre thing things this those through to too under until up upon us use used using very
via wanna want wants was wasnt way we were werent what whatever whats when where whether which while who
whom whose why will with within without wont would wouldnt yes yet you your youre yours good morning
afternoon evening welcome sorry cool great nice
"""

_PORTUGUESE = """
a ai ainda algo alguem algum alguma alguns algumas ao aos apenas aquela aquele aqueles aquilo as assim ate
cada com como cad da das de dela dele deles depois desde dessa desse desta deste disso do dos e ela elas ele
eles em entao era eram essa essas esse esses esta estamos estao estar estas estava este estes estou eu fazer
faz ficar foi for foram gente ha isso isto ja la lhe mais mas me mesmo meu meus minha minhas muito muita
muitos na nao nas nem nessa nesse nesta neste no nos nossa nossas nosso nossos num numa o onde os ou outra
outras outro outros para pela pelas pelo pelos pode podem poder por porque pq pra pras pro pros pois posso
preciso pouco qual quais qualquer quando quanto quanta quantos quantas que quem quer quero saber se sem
sempre sendo ser sera serao seu seus si sido so sobre sou sua suas tal tambem tao te tem temos tenho ter teu
tinha to todo todos toda todas tu tua tudo um uma umas uns vai vao vamos vou voce voces vc vcs dia tarde
noite favor bem
"""

_GERMAN = """
ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist bitte
da dabei dafur damit danach dann daran darauf darf darum das dass dazu dein deine dem den denn der deren des
deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
einer eines einige er es etwas euch euer eure fur ganz gar gegen gehabt geht gerade gern gibt hab habe haben
hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins irgend
irgendwie ist ja jede jedem jeden jeder jedes jemand jetzt kann kannst kein keine keinen konnen konnte
konnten mach machen machst macht mal man manche mehr mein meine meinem meinen meiner mich mir mit muss
mussen musste nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein seine seit selbst sich sie
sind so sogar soll sollen sollte solche sonst sowie uber um und uns unser unsere unseren unter viel viele
vom von vor wann war warum was weg weil weiter welche welchem welchen welcher welches wem wen wenn wer werde
werden wessen weshalb wie wieder wieso will wir wird wo wofur woher wohin worden wurde wurden zu zum zur
zwar zwischen guten morgen tag abend
"""

_SPANISH = """
a ahi ahora al algo alguien algun alguna algunas alguno algunos alli antes aqui asi aun aunque cada casi
como con cual cuales cualquier cuando cuanta cuantas cuanto cuantos de del desde donde dos durante e el ella
ellas ellos en entonces entre era eran eres es esa esas ese eso esos esta estaba estamos estan estar estas
este esto estos estoy fue fueron ha haber habia hace hacer hacia han hasta hay he incluso ir la las le les
lo los mas me mi mia mis mismo mucha muchas mucho muchos muy nada ni no nos nosotros nuestra nuestras
nuestro nuestros nunca o os otra otras otro otros para pero poco por porque pq puede pueden puedo pues que
quien quienes quiero saber se sea ser sera si sido siempre sin sino sobre sois solo somos son soy su sus
suya tal tambien tan tanto te tener tengo ti tiene tienen todo todos toda todas tu tus un una unas uno unos
usted ustedes va vamos van voy y ya yo dias tardes noches favor
"""

# Said in any language, whatever language the rest is in.
_GREETINGS = """
hi hey hello hiya thanks thank thx cheers bye goodbye ok okay lol haha hmm oi ola bom boa obrigado obrigada
valeu tchau hallo servus moin danke dankeschon tschuss gruss grusse hola buenos buenas gracias adios bonjour
merci ciao salut
"""

GREETINGS = frozenset(_GREETINGS.split())
STOP_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "pt": frozenset(_PORTUGUESE.split()),
    "de": frozenset(_GERMAN.split()),
    "es": frozenset(_SPANISH.split()),
}
"""Folded stop words by language; other languages have none and lean on rarity alone."""
