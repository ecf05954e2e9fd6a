"""Portuguese words of shops and of small talk."""

from __future__ import annotations

STOP = """
a ao aos as ate com como da das de dela dele do dos e ela ele eles em entre era essa esse esta
este estou eu foi ha isso isto ja la lhe mais mas me mesmo meu meus minha minhas muito na nas nao
nem no nos nossa nosso o os ou para pela pelo por porque pra pro qual quais quando que quem se sem
ser seu seus sim so sou sua suas tambem te tem tenho ter teu um uma umas uns vai voce voces vou
ola oi bom dia boa tarde noite posso pode podem poder queria quero gostaria preciso favor obrigado
obrigada duvida pergunta saber consigo fazer faco faz algum alguma nenhum aqui ali eh ta estao
ainda agora
"""

CONCEPTS = {
    "return": "devolver; devolucao; devolvo; mandar de volta; enviar de volta; retornar;"
    " devolucoes; arrependimento; devolvido; devolvi",
    "refund": "reembolso; dinheiro de volta; estorno; reembolsar; estornar; ressarcimento; meu"
    " dinheiro; receber o dinheiro; reembolsado",
    "exchange": "trocar; troca; outro tamanho; outra cor; substituir; trocas; troco",
    "damaged": "danificado; quebrado; defeito; rachado; avariado; estragado; amassado;"
    " defeituoso; rasgado; quebrou; quebrada",
    "wrong": "errado; incorreto; trocado; produto errado; em vez de; diferente do; errada; engano",
    "missing": "nao recebi; nao chegou; sumiu; extraviado; faltando; falta; faltou; nao veio; nao"
    " encontro; nao recebeu; perdido; desapareceu",
    "partial": "parte do pedido; so parte; metade; incompleto; apenas um; so veio; veio so; resto",
    "delivered": "consta entregue; como entregue; diz entregue; status entregue; foi entregue;"
    " aparece entregue",
    "delivery": "entrega; entregar; envio; enviar; frete; despachar; entregam; enviam; chega;"
    " chegar; entregue; mandar; remessa",
    "parcel": "pacote; encomenda; caixa; embrulho; volume",
    "track": "rastrear; rastreio; rastreamento; onde esta meu pedido; onde esta minha encomenda;"
    " cade meu pedido; status do pedido; codigo de rastreio; acompanhar; cade minha encomenda;"
    " cade",
    "late": "atrasado; atraso; demora; demorando; ainda nao; atrasada; esperando; ja passou;"
    " demorou",
    "address": "endereco; rua; cep; mudei; mudanca; numero da casa",
    "change": "alterar; mudar; corrigir; atualizar; editar; modificar; trocar o endereco;"
    " alteracao",
    "express": "expressa; expresso; rapido; amanha; urgente; sedex; mais rapida; dia seguinte;"
    " rapida",
    "country": "pais; paises; exterior; internacional; portugal; argentina; eua; estados unidos;"
    " europa; fora do brasil; espanha; alemanha; franca; mundo; polonia; suecia; estrangeiro",
    "pickup": "ponto de coleta; ponto de retirada; locker; armario; agencia; agencia dos correios",
    "carrier": "transportadora; correios; loggi; jadlog; dhl; fedex; ups; entregador; quem"
    " entrega; motoboy",
    "customs": "alfandega; taxa de importacao; imposto de importacao; aduana; tributado",
    "tax": "imposto; cnpj; icms; impostos",
    "store": "loja; lojas; filial; loja fisica; showroom; unidade",
    "hours": "horario; aberto; abre; fecha; funcionamento; abrem; fecham; que horas; horarios",
    "collect": "retirar; retirada; buscar; pegar na loja; retirar na loja; coleta; retiro",
    "online": "site; online; internet; pagina",
    "order": "pedido; comprar; compra; comprei; encomendar; pedidos; pedi; compro; compras",
    "item": "produto; artigo; item; mercadoria; coisa; peca; produtos; itens",
    "cancel": "cancelar; cancelamento; desistir; anular; cancelo; desisti; cancelem; suspender",
    "add": "adicionar; incluir; acrescentar; esqueci; adiciono",
    "confirmation": "confirmacao; confirmar; email de confirmacao; confirmado",
    "account": "conta; cadastro; cadastrar; registro; perfil; cadastrado",
    "login": "entrar na conta; login; acessar; logar; fazer login; entrar",
    "password": "senha; palavra passe; password",
    "forgot": "esqueci; redefinir; recuperar; nao lembro; resetar",
    "guest": "sem cadastro; sem conta; visitante; convidado; sem cadastrar; preciso de cadastro;"
    " sem criar",
    "minimum": "minimo; minima; valor minimo",
    "preorder": "pre venda; pre compra; pre encomenda; lancamento; prevenda",
    "invoice": "nota fiscal; fatura; recibo; nfe; nota; comprovante",
    "company": "empresa; pessoa juridica; cnpj; firma",
    "pay": "pagar; pagamento; pago; paguei; pagamentos; pagando",
    "method": "forma de pagamento; formas de pagamento; metodo de pagamento; pix; boleto; cartao;"
    " paypal; transferencia; debito; cartao de credito; dinheiro; meios de pagamento; aceitam;"
    " aceita",
    "card": "cartao; banco; cartoes; conta bancaria",
    "instalments": "parcelar; parcelas; parcelamento; prestacoes; parcela; vezes sem juros; em"
    " vezes; parcelado",
    "declined": "recusado; negado; recusada; nao passou; erro; nao autorizado; negada; nao"
    " aprovado; recusaram",
    "twice": "duas vezes; duplicado; dobro; em dobro; duplicada; 2 vezes",
    "charge": "cobrado; cobrar; debitado; cobranca; cobraram; cobrada; debitaram; cobram",
    "discount": "desconto; promocao; mais barato; oferta; descontos; promocoes",
    "code": "cupom; codigo; vale; voucher; cupao; codigo promocional; cupons",
    "fault": "nao funciona; invalido; nao aceita; expirado; nao esta funcionando; problema; nao"
    " deu certo",
    "giftcard": "vale presente; cartao presente; gift card; vale presentes; cartao oferta",
    "gift": "presente; aniversario; presentear",
    "balance": "saldo; quanto tem; restante; resta",
    "student": "estudante; universitario; faculdade; aluno; estudantes",
    "match": "cobrir preco; cobrem oferta; preco menor; concorrente; cobrem o preco; igualar"
    " preco; outra loja",
    "newsletter": "newsletter; propaganda; emails promocionais; marketing; boletim; spam",
    "subscribe": "assinar; inscrever; assinatura; inscricao; receber a newsletter",
    "unsubscribe": "descadastrar; parar de receber; cancelar inscricao; nao quero receber; sair"
    " da lista",
    "delete": "excluir; apagar; deletar; encerrar; remover; lgpd; eliminar",
    "email": "email; e mail; mail; emails; correio eletronico",
    "loyalty": "pontos; fidelidade; recompensa; cashback; programa de pontos; clube",
    "size": "tamanho; medidas; grande; pequeno; numeracao; tabela de medidas; tamanhos; dimensoes",
    "stock": "estoque; disponivel; esgotado; indisponivel; em estoque; disponibilidade; voltar a"
    " ter; reposicao",
    "colour": "cor; vermelho; azul; verde; amarelo; preto; branco; cinza; rosa; cores",
    "wash": "lavar; limpar; lavagem; maquina de lavar; cuidado; limpeza; manchas",
    "material": "material; tecido; feito de; composicao; feita de",
    "sustainable": "sustentavel; ecologico; meio ambiente; sustentaveis; reciclado; ambiental",
    "spare": "peca de reposicao; parafuso; pecas; reposicao; parafusos; peca avulsa",
    "manual": "manual; montagem; instrucoes; montar; instrucao",
    "warranty": "garantia; garantias; parou de funcionar",
    "used": "usado; aberto; usei; utilizado; abri; experimentado; usada; aberta",
    "label": "etiqueta; codigo de postagem; etiquetas; qr code; autorizacao de postagem",
    "print": "impressora; imprimir; impresso",
    "sale": "liquidacao; em promocao; saldo; remarcado; outlet; black friday; promocional",
    "wrap": "embrulhar; embalagem de presente; papel de presente; embrulho; embalar",
    "contact": "contato; telefone; ligar; atendimento; sac; falar com; numero de telefone;"
    " whatsapp; contacto",
    "stairs": "andar; escada; apartamento; elevador; subir; escadas",
    "large": "moveis; sofa; pesado; movel; volumoso; grandes",
    "period": "quanto tempo; prazo; quantos dias; quando chega; demora; ate quando; tempo; quando"
    " vou receber; quando recebo; quando vai chegar; quando sera; que dia; leva quanto; dias",
    "cost": "quanto custa; custo; taxa; gratis; gratuito; valor do; preco do; gratuita; quem"
    " paga; custa; quanto e o; valor; quanto fica",
    "price": "preco; precos; tabela de precos",
    "where": "onde",
    "status": "receberam; chegou minha devolucao; ja receberam; chegou ai; voces receberam",
    "neighbour": "vizinho; portaria; em casa; porteiro; porta",
    "job": "vaga; emprego; trabalhar; trabalhe conosco; curriculo; estagio",
    "repair": "consertar; conserto; reparo; assistencia",
    "review": "avaliacao; opiniao; reclamacao; comentario",
    "advice": "recomendar; indicar; recomendam; diferenca; comparar; sugestao; melhor",
    "safety": "seguro; alergia; crianca; bebe; toxico; vegano",
}
"""Concept → its words and phrases."""

PERSON = """
atendente; humano; pessoa de verdade; falar com alguem; uma ser humano; pessoa real; falar com um;
falar com uma; nao quero robo; nao e robo; alguem da equipe; operador; pessoa humana; agente;
atendimento humano
"""
GREETING = """
oi; ola; bom dia; boa tarde; boa noite; opa; alguem ai; tem alguem ai; e ai; oie; alo
"""
THANKS = """
obrigado; obrigada; muito obrigado; muito obrigada; valeu; perfeito; otimo; ok; beleza; certo;
entendi; tchau; brigado; brigada; show; so isso; era isso; bom; legal; agradeco; ate mais;
maravilha; tudo bem
"""
SOLVED = """
ajudou; resolvido; resolveu; era isso; era so isso; deu certo; funcionou; isso ajudou; muito util;
resolvi
"""
UNSOLVED = """
nao ajudou; nao resolveu; nao e isso; nao era isso; nao entendeu; resposta errada; nao respondeu
"""
