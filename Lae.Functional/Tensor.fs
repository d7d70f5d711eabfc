namespace Lae.Functional
