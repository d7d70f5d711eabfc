using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Underdamped Langevin dynamics by any splitting word over the <see cref="UnderdampedSubsteps"/> A, B and O, each letter lasting h divided by how often it occurs, so that
/// <code>
///     BAOAB:    p += (h/2) ∇log π(x);  x += (h/2) M⁻¹ p;  p = c p + √((1 − c²) T) R ξ;  x += (h/2) M⁻¹ p;  p += (h/2) ∇log π(x),    c = exp(−γ h)
/// </code>
/// Stationary law on a Gaussian with precision A (mean kept, momentum 0), for every friction γ > 0, over T; stable iff h² times the largest eigenvalue of M⁻¹ A is below 4:
/// <code>
///     word     position                        momentum                              position with momentum
///     BAOAB    A⁻¹                             M − h² A/4                            0
///     ABOBA    A⁻¹                             (M⁻¹ − h² M⁻¹ A M⁻¹/4)⁻¹              0
///     OBABO    (A − h² A M⁻¹ A/4)⁻¹            M                                     0
///     OABAO    A⁻¹ − h² M⁻¹/4                  M                                     0
///     BAOA     A⁻¹                             M                                     (h/2) I
/// </code>
/// On other targets the bias of each of the five is of order h². All five cost one gradient a step. A word without O is Hamiltonian dynamics (BAB is velocity Verlet): it draws momenta at the start and never again.
/// Sources: Leimkuhler and Matthews, Applied Mathematics Research eXpress 2013 (BAOAB, ABOBA); Bussi and Parrinello, Physical Review E 75 (2007) 056707 (OBABO); the laws for a general M are derived.
/// Shapes: x, p, ξ, ∇log π are [chains, dimension]; noise leaves <c>xi0</c>, <c>xi1</c>, …, one for each O.
/// </summary>
/// <remarks>
/// Momenta start from N(0, T M), which is their stationary law in OBABO, OABAO and BAOA, and up to the terms in h² above in BAOAB and ABOBA. A word that makes no kick where its step ends (see
/// <see cref="SplittingWord.KicksAtEnd"/>; ABOBA and OABAO) does not know the density there: its states say 0 for log density and gradient.
/// </remarks>
public static class Splitting
{
    private static readonly ImmutableArray<string> NoiseNames = [.. Enumerable.Range(0, 64).Select(Name)];

    /// <summary>The kernel, named by its word.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="word">The order of substeps, such as <c>BAOAB</c>; see <see cref="SplittingWord.Parse"/>.</param>
    /// <param name="settings">Step size, friction, temperature, mass.</param>
    /// <returns>A kernel that always moves; its law is that of π^{1/T} up to a bias of the order of the squared step size where the word is a palindrome.</returns>
    /// <exception cref="ArgumentException">The word is none, or the mass does not fit the target.</exception>
    public static Kernel<UnderdampedState> Create(Target target, string word, UnderdampedSettings settings)
    {
        SplittingWord order = SplittingWord.Parse(word);
        settings.Mass.RequireFits(target);
        int frictions = order.Count('O');
        double drift = settings.StepSize / order.Count('A');
        double kick = settings.StepSize / order.Count('B');
        double friction = settings.StepSize / Math.Max(1, frictions);
        ImmutableArray<string> names = frictions <= NoiseNames.Length ? NoiseNames[..frictions] : [.. Enumerable.Range(0, frictions).Select(Name)];
        StepInfo info = new(order.GradientCount);
        return new Kernel<UnderdampedState>(
            order.Letters,
            target.Dimension,
            target.DType,
            position => State(position, null),
            state => State(state.Position, state.Momentum),
            Draw,
            Advance,
            (source, state) => state with { Momentum = UnderdampedSubsteps.ThermalMomentum(source.Normal(0, target.Dimension, target.DType), settings) })
        {
            IsDivisible = !target.KnowsRowsByPlace,
            Move = (source, state) => Move(null, source, state),
        };

        Noise Draw(NoiseSource source)
        {
            Tensor[] leaves = new Tensor[names.Length];
            for (int o = 0; o < leaves.Length; o++)
            {
                leaves[o] = Xi(source, o);
            }

            return new Noise(source, names, ImmutableCollectionsMarshal.AsImmutableArray(leaves));
        }

        Tensor Xi(NoiseSource source, int o) => source.Normal((uint)o, target.Dimension, target.DType);

        UnderdampedState State(Tensor position, Tensor? momentum)
        {
            UnderdampedState here = UnderdampedState.At(target, position, momentum);
            return order.KicksAtEnd ? here : Unknown(position, here.Momentum, new LogDensityAndGradient(here.LogDensity, here.Gradient));
        }

        Transition<UnderdampedState> Advance(Noise noise, UnderdampedState state) => Move(noise, default, state);

        // by given noise, or by what the source draws when its turn comes
        Transition<UnderdampedState> Move(Noise? noise, NoiseSource source, UnderdampedState state)
        {
            Tensor x = state.Position;
            Tensor p = state.Momentum;
            LogDensityAndGradient last = new(state.LogDensity, state.Gradient);
            bool isHere = order.KicksAtEnd;
            int o = 0;
            foreach (char letter in order.Letters)
            {
                switch (letter)
                {
                    case 'A':
                        x = UnderdampedSubsteps.Drift(x, p, settings.Mass, drift);
                        isHere = false;
                        break;
                    case 'B':
                        Evaluate();
                        p = UnderdampedSubsteps.Kick(p, last.Gradient, kick);
                        break;
                    default:
                        p = UnderdampedSubsteps.OrnsteinUhlenbeck(p, noise is null ? Xi(source, o) : noise[o], settings, friction);
                        o++;
                        break;
                }
            }

            if (order.KicksAtEnd)
            {
                Evaluate();
                return new Transition<UnderdampedState>(new UnderdampedState(x, p, last.LogDensity, last.Gradient), info);
            }

            return new Transition<UnderdampedState>(Unknown(x, p, last), info);

            void Evaluate()
            {
                last = isHere ? last : target.Evaluate(x);
                isHere = true;
            }
        }
    }

    /// <summary>A state whose caches are 0 where what was last evaluated is finite, so that a NaN elsewhere is still seen.</summary>
    private static UnderdampedState Unknown(Tensor position, Tensor momentum, LogDensityAndGradient last) => new(position, momentum, last.LogDensity * 0, last.Gradient * 0) { KnowsLogDensity = false };

    private static string Name(int o) => string.Create(CultureInfo.InvariantCulture, $"xi{o}");
}
